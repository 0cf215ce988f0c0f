/*
meaning: Every figure, long and tidy, with its definition; a period holds the cases that started in it.
public: true
columns:
  kpi: The KPI.
  definition: Identifier of the definition.
  journey: Journey.
  segment_kind: All or channel.
  segment: All, or the channel.
  period_kind: All, month or week.
  period: The period in which the cases started.
  period_start: First day of the period, null for all. [date]
  n: Cases that the figure is made of. [count]
  n_excluded: Cases of the slice left out, for the reasons in the definition. [count]
  numerator: Numerator, or sum, of the figure.
  denominator: Denominator of the figure.
  value: The figure, in the unit of its definition.
  lower: Lower end of the 95 percent interval, null where none is computed.
  upper: Upper end of the 95 percent interval.
  is_mature: Whether the cohort had the time to show the figure; null over all periods.
  definition_hash: Hash of the definition's SQL and parameters.
tests:
  - unique: [definition, journey, segment_kind, segment, period_kind, period]
  - not_null: [kpi, definition, journey, n, n_excluded, definition_hash]
  - assert:
      name: shares_are_between_0_and_100
      rows: >-
        select v.* from mart.kpi_values as v
        inner join mart.definitions as d on d.definition = v.definition
        where d.unit = 'percent' and (v.value < 0 or v.value > 100)
  - assert:
      name: intervals_hold_their_value
      rows: select * from mart.kpi_values where lower > value + 1e-9 or upper < value - 1e-9
  - assert:
      name: every_figure_is_defined
      rows: >-
        select f.definition from (select definition from mart.kpi_lead_time
        union all select definition from mart.kpi_survival
        union all select definition from mart.kpi_on_time
        union all select definition from mart.kpi_handoffs
        union all select definition from mart.kpi_rework
        union all select definition from mart.kpi_workload) as f
        where f.definition not in (select d.definition from mart.definitions as d)
*/
with figures as (
  select * from mart.kpi_lead_time
  union all
  select * from mart.kpi_survival
  union all
  select * from mart.kpi_on_time
  union all
  select * from mart.kpi_handoffs
  union all
  select * from mart.kpi_rework
  union all
  select * from mart.kpi_workload
)
select
  d.kpi,
  f.definition,
  f.journey,
  f.segment_kind,
  f.segment,
  f.period_kind,
  f.period,
  f.period_start,
  f.n,
  f.n_excluded,
  f.numerator,
  f.denominator,
  f.value,
  f.lower,
  f.upper,
  case
    when f.period_kind = 'all' then null
    when m.maturity = 'due' then coalesce(c.is_all_due, false)
    when m.maturity = 'over' then coalesce(c.is_over, false)
    when m.maturity = 'censored' then f.value is not null
    else coalesce(c.is_old_enough, false)
  end as is_mature,
  d.definition_hash
from figures as f
inner join mart.definitions as d on d.definition = f.definition
inner join config.definitions as m on m.definition = f.definition
left join core.cohorts as c
  on c.journey = f.journey and c.period_kind = f.period_kind and c.period = f.period
order by f.definition, f.journey, f.segment_kind, f.segment, f.period_kind, f.period
