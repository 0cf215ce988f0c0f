/*
meaning: Every figure, long and tidy, with its definition. A share is worked out here from its numerator and denominator, with Wilson's interval; any other ratio is their quotient.
public: true
columns:
  kpi: The KPI.
  definition: Identifier of the definition.
  journey: Journey; all in the slices of a service formula, which pool its journeys, and where contacts are pooled.
  segment_kind: All, channel, target_group, topic, team or service_formula.
  segment: All, or the channel, target group, topic, team or service formula.
  period_kind: All, month, week or closing_month.
  period: The period in which the cases started, or ended for a closing month.
  period_start: First day of the period, null for all. [date]
  n: What the figure is made of, such as cases. [count]
  n_excluded: Those of the slice left out, for the reasons in the definition. [count]
  numerator: Numerator, or sum, of the figure.
  denominator: Denominator of the figure.
  value: The figure, in the unit of its definition.
  lower: Lower end of the 95 percent interval, null where none is computed.
  upper: Upper end of the 95 percent interval.
  is_mature: Whether the cohort had the time to show the figure; null over all periods.
  is_comparable: False where under 80 percent of the residents are known and that share moved over 5 points since the period before; null where the figure does not need to know them.
  definition_hash: Hash of the definition's SQL and parameters.
tests:
  - unique: [definition, journey, segment_kind, segment, period_kind, period]
  - not_null: [kpi, definition, journey, n, n_excluded, definition_hash]
  - assert:
      name: shares_are_between_0_and_100
      rows: >-
        select v.* from mart.kpi_values as v
        inner join config.definitions as d on d.definition = v.definition
        where d.unit = 'percent' and (v.value < 0 or v.value > 100)
  - assert:
      name: intervals_hold_their_value
      rows: select * from mart.kpi_values where lower > value + 1e-9 or upper < value - 1e-9
  - assert:
      name: nothing_counts_more_than_its_slice
      rows: select * from mart.kpi_values where n_excluded < 0
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
  select * from mart.kpi_deadlines
  union all
  select * from mart.kpi_penalty
  union all
  select * from mart.kpi_handoff_waits
  union all
  select * from mart.kpi_partner_time
  union all
  select * from mart.kpi_continuity
  union all
  select * from mart.kpi_reopened
  union all
  select * from mart.kpi_reassessment
  union all
  select * from mart.kpi_flow
  union all
  select * from mart.kpi_predictability
  union all
  select * from mart.kpi_workload
  union all
  select * from mart.kpi_journeys
  union all
  select * from mart.kpi_contacts
  union all
  select * from mart.kpi_first_contact
  union all
  select * from mart.kpi_callbacks
  union all
  select * from mart.kpi_failure_demand
  union all
  select * from mart.kpi_runaround
),
defined as (
  select
    d.kpi,
    f.definition,
    f.journey,
    f.segment_kind,
    f.segment,
    f.period_kind,
    f.period,
    s.period_start,
    f.n,
    s.size - f.n as n_excluded,
    f.numerator,
    f.denominator,
    f.value,
    f.lower,
    f.upper,
    d.unit = 'percent' and f.value is null and f.denominator > 0 as is_share,
    d.maturity,
    d.counts,
    d.definition_hash
  from figures as f
  left join config.definitions as d on d.definition = f.definition
  left join core.slice_sizes as s
    on s.counts = d.counts and s.journey = f.journey and s.segment_kind = f.segment_kind
    and s.segment = f.segment and s.period_kind = f.period_kind and s.period = f.period
  where not exists (
    select 1 from config.definition_needs as r
    inner join core.lacks as l on l.need = r.need
    where r.definition = f.definition and l.journey = f.journey
      and l.segment = case when f.segment_kind = 'service_formula' then f.segment else 'all' end
  )
),
worked_out as (
  select
    *,
    1.959963984540054 * sqrt(
      numerator * (denominator - numerator) / nullif(denominator, 0) + 0.960364705173531
    ) as spread
  from defined
)
select
  w.kpi,
  w.definition,
  w.journey,
  w.segment_kind,
  w.segment,
  w.period_kind,
  w.period,
  w.period_start,
  w.n,
  w.n_excluded,
  w.numerator,
  w.denominator,
  case
    when w.is_share then 100.0 * w.numerator / w.denominator
    else coalesce(w.value, w.numerator / nullif(w.denominator, 0))
  end as value,
  case
    when w.is_share then greatest(
      100.0 * (w.numerator + 1.920729410347062 - w.spread) / (w.denominator + 3.841458820694124), 0
    )
    else w.lower
  end as lower,
  case
    when w.is_share then least(
      100.0 * (w.numerator + 1.920729410347062 + w.spread) / (w.denominator + 3.841458820694124), 100
    )
    else w.upper
  end as upper,
  case
    when w.period_kind = 'all' then null
    when w.maturity = 'due' then coalesce(c.is_all_due, false)
    when w.maturity = 'over' then coalesce(c.is_over, false)
    when w.maturity = 'censored' then w.value is not null
    when w.maturity = '24h' then coalesce(c.watched_days >= 1, false)
    when w.maturity = '7d' then coalesce(c.watched_days >= 7, false)
    when w.maturity = '14d' then coalesce(c.watched_days >= 14, false)
    when w.maturity = '28d' then coalesce(c.watched_days >= 28, false)
    else coalesce(c.is_old_enough, false)
  end as is_mature,
  case
    when w.definition like 'first_contact.settled.%' or w.definition like 'first_contact.no_repeat.%'
      or w.definition like 'first_contact.question.%' then v.is_comparable
  end as is_comparable,
  w.definition_hash
from worked_out as w
left join core.cohorts as c
  on c.counts = w.counts and c.journey = w.journey and c.period_kind = w.period_kind
  and c.period = w.period
  and c.segment = case when w.segment_kind = 'service_formula' then w.segment else 'all' end
left join core.contact_coverage as v
  on v.journey = w.journey and v.segment_kind = w.segment_kind and v.segment = w.segment
  and v.period_kind = w.period_kind and v.period = w.period
order by w.definition, w.journey, w.segment_kind, w.segment, w.period_kind, w.period
