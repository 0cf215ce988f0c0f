/*
meaning: Callbacks per slice of their promise date - kept in time, attempts, reopened, time to done, age of the open ones - and the share of contacts at which one was promised.
columns:
  definition: Identifier of the definition.
  journey: Journey; all in slices that pool everything and in those of a service formula.
  segment_kind: Kind of segment.
  segment: All, or the segment.
  period_kind: Kind of period.
  period: The period.
  n: Callbacks or contacts that the figure is made of. [count]
  numerator: Numerator, or sum, of the figure.
  denominator: Denominator of the figure.
  value: The figure, in the unit of its definition; null where numerator and denominator tell.
  lower: Lower end of the 95 percent interval, null where none is computed here.
  upper: Upper end of the 95 percent interval.
tests:
  - unique: [definition, journey, segment_kind, segment, period_kind, period]
  - not_null: [definition, journey, n]
axes:
  denominator:
    closed:
      keep: done_at is not null and due_at is not null
      name_nl: van gedane terugbelverzoeken
      name_en: of callbacks done
      population_nl: gedane terugbelverzoeken
      population_en: callbacks done
      exclusions_nl: open terugbelverzoeken, ook als ze te laat zijn; zonder termijn of norm
      exclusions_en: open callbacks, also late ones; those without a due date or norm
    due:
      keep: due_at < cutoff_at
      name_nl: van terugbelverzoeken waarvan de termijn voorbij is
      name_en: of callbacks whose term has passed
      population_nl: terugbelverzoeken waarvan de termijn voorbij is, gedaan of open; open is te laat
      population_en: callbacks whose term has passed, done or open; open is late
      exclusions_nl: terugbelverzoeken waarvan de termijn nog loopt; zonder termijn of norm
      exclusions_en: callbacks whose term still runs; those without a due date or norm
  statistic:
    median: {nl: mediaan, en: median}
    p90: {nl: P90, en: P90}
definitions:
  callbacks.kept.{denominator}:
    name_nl: Op tijd teruggebeld, {denominator.name_nl}
    name_en: Called back in time, {denominator.name_en}
    formula_nl: terugbelverzoeken gedaan op of voor de geregistreerde termijn, of waar die ontbreekt voor het einde van de laatste werkdag van de norm
    formula_en: callbacks done on or before the registered due date, or where there is none before the end of the last working day of the norm
    unit: percent
    direction: higher
    population_nl: "{denominator.population_nl}"
    population_en: "{denominator.population_en}"
    exclusions_nl: "{denominator.exclusions_nl}"
    exclusions_en: "{denominator.exclusions_en}"
    source: yearly reports of municipalities, such as call-back within 2 working days; denominators as for on time
    parameters: {statistic: kept, denominator: "{denominator}"}
    settings: [callback_norm, calendar]
    counts: callbacks
    maturity: due
    rows:
      keep:
        - {nl: "{denominator.population_nl}", en: "{denominator.population_en}", sql: "{denominator.keep}"}
      show: [promised_at, due_at, done_at]
      value: coalesce(done_at <= due_at, false)
    competes: callbacks_kept
  callbacks.attempts.mean:
    name_nl: Pogingen per gedaan terugbelverzoek
    name_en: Attempts per callback done
    formula_nl: aantal belpogingen / gedane terugbelverzoeken
    formula_en: calls made / callbacks done
    unit: per_callback
    direction: lower
    population_nl: gedane terugbelverzoeken met bekende pogingen
    population_en: callbacks done whose attempts are known
    exclusions_nl: open terugbelverzoeken; pogingen niet bekend
    exclusions_en: open callbacks; attempts not known
    source: registered attempts, else contacts that follow up the first
    parameters: {statistic: attempts}
    counts: callbacks
    rows:
      keep:
        - {nl: gedaan, met bekende pogingen, en: done, with known attempts, sql: done_at is not null and attempts > 0}
      show: [promised_at, due_at, done_at, attempts]
      value: attempts
  callbacks.attempts.first:
    name_nl: Bij de eerste poging bereikt
    name_en: Reached at the first attempt
    formula_nl: terugbelverzoeken waarvan de eerste poging de inwoner bereikte / terugbelverzoeken met een poging
    formula_en: callbacks whose first attempt reached the resident / callbacks with an attempt
    unit: percent
    direction: higher
    population_nl: terugbelverzoeken met minstens een poging
    population_en: callbacks with at least one attempt
    exclusions_nl: zonder poging of met onbekende pogingen
    exclusions_en: without an attempt or with unknown attempts
    source: whether the first contact that follows up reached somebody, else one attempt and done
    parameters: {statistic: first_attempt}
    counts: callbacks
    rows:
      keep:
        - {nl: eerste poging bekend, en: first attempt known, sql: is_reached_at_first is not null}
      show: [promised_at, due_at, done_at, is_reached_at_first]
  callbacks.reopened:
    name_nl: Heropende terugbelverzoeken
    name_en: Reopened callbacks
    formula_nl: terugbelverzoeken die na gedaan weer open waren / terugbelverzoeken
    formula_en: callbacks that were open again after being done / callbacks
    unit: percent
    direction: lower
    population_nl: terugbelverzoeken uit systemen die dat laten zien
    population_en: callbacks of systems that show it
    exclusions_nl: terugbelverzoeken uit exports, die het niet laten zien
    exclusions_en: callbacks of exports, which do not show it
    source: versions that pulls saw, so a lower bound
    parameters: {statistic: reopened}
    counts: callbacks
    maturity: over
    rows:
      keep:
        - {nl: van pull tot pull gezien, en: seen from pull to pull, sql: has_reopened is not null}
      show: [promised_at, due_at, done_at]
  callbacks.time_to_done.{statistic}:
    name_nl: Tijd tot teruggebeld ({statistic.nl})
    name_en: Time until called back ({statistic.en})
    formula_nl: "{statistic.nl} van de tijd van toezegging tot gedaan, in dagen van 24 uur"
    formula_en: "{statistic.en} of the time from promise to done, in days of 24 hours"
    unit: days
    direction: lower
    population_nl: gedane terugbelverzoeken
    population_en: callbacks done
    exclusions_nl: open terugbelverzoeken; gedaan voor toegezegd
    exclusions_en: open callbacks; done before promised
    source: from first assignment to done, as in Klantinteracties; percentile by linear interpolation (R type 7)
    parameters: {statistic: "{statistic}", measure: time_to_done}
    counts: callbacks
    rows:
      keep:
        - {nl: gedaan na de belofte, en: done after the promise, sql: "done_at >= promised_at"}
      show: [promised_at, due_at, done_at]
  callbacks.open_age.{statistic}:
    name_nl: Leeftijd van open terugbelverzoeken ({statistic.nl})
    name_en: Age of open callbacks ({statistic.en})
    formula_nl: "{statistic.nl} van de tijd van toezegging tot de peildatum, in dagen van 24 uur"
    formula_en: "{statistic.en} of the time from promise to cut-off, in days of 24 hours"
    unit: days
    direction: lower
    population_nl: open terugbelverzoeken
    population_en: open callbacks
    exclusions_nl: gedane terugbelverzoeken
    exclusions_en: callbacks done
    source: percentile by linear interpolation (R type 7)
    parameters: {statistic: "{statistic}", measure: open_age}
    counts: callbacks
    maturity: over
    rows:
      keep:
        - {nl: nog open, en: still open, sql: done_at is null}
      show: [promised_at, due_at, done_at]
  callbacks.promised:
    name_nl: Contacten met een terugbelverzoek
    name_en: Contacts with a callback promised
    formula_nl: contacten waarbij terugbellen is toegezegd / contacten van inwoners
    formula_en: contacts at which a callback was promised / contacts of residents
    unit: percent
    direction: lower
    population_nl: contacten van inwoners
    population_en: contacts of residents
    exclusions_nl: uitgaand; vervolgcontacten; bronnen zonder terugbelverzoeken
    exclusions_en: outbound; follow-ups; sources without callbacks
    source: internal tasks of Klantinteracties, or the export of callbacks
    parameters: {statistic: promised}
    counts: contacts
    maturity: over
    rows:
      keep:
        - {nl: van inwoners, en: of residents, sql: is_inbound and not is_follow_up}
        - {nl: waarvan bekend is of er een belofte was, en: of which it is known whether a promise was made, sql: has_callback is not null}
      show: [contacted_at, has_callback]
      value: has_callback
*/
with judged as (
  select
    b.*,
    b.done_at <= b.due_at as is_kept,
    b.due_at < b.cutoff_at as is_due,
    epoch_us(b.done_at) - epoch_us(b.promised_at) as done_us,
    epoch_us(b.cutoff_at) - epoch_us(b.promised_at) as age_us
  from core.callbacks as b
),
sliced as (
  select
    s.journey,
    s.segment_kind,
    s.segment,
    s.period_kind,
    s.period,
    count(*) filter (where j.done_at is not null and j.due_at is not null) as closed,
    count(*) filter (where j.is_kept) as closed_kept,
    count(*) filter (where j.is_due) as due,
    count(*) filter (where j.is_due and j.is_kept) as due_kept,
    count(*) filter (where j.done_at is not null and j.attempts > 0) as attempted,
    sum(j.attempts) filter (where j.done_at is not null and j.attempts > 0) as attempts,
    count(j.is_reached_at_first) as tried,
    count(*) filter (where j.is_reached_at_first) as reached,
    count(j.has_reopened) as watched,
    count(*) filter (where j.has_reopened) as reopened,
    count(*) filter (where j.done_us >= 0) as done,
    percentile_cont(0.5) within group (order by case when j.done_us >= 0 then j.done_us end)
      as done_median_us,
    percentile_cont(0.9) within group (order by case when j.done_us >= 0 then j.done_us end)
      as done_p90_us,
    count(*) filter (where j.done_at is null) as still_open,
    percentile_cont(0.5) within group (order by case when j.done_at is null then j.age_us end)
      as age_median_us,
    percentile_cont(0.9) within group (order by case when j.done_at is null then j.age_us end)
      as age_p90_us
  from judged as j
  inner join core.callback_slices as s on s.callback_key = j.callback_key
  group by s.journey, s.segment_kind, s.segment, s.period_kind, s.period
),
promises as (
  select
    g.group_key,
    count(*) as contacts,
    count(*) filter (where c.has_callback) as promised
  from core.contacts as c
  inner join core.contact_groups as g on g.contact_key = c.contact_key
  where c.is_inbound and not c.is_follow_up and c.has_callback is not null
  group by g.group_key
),
promised as (
  select
    s.journey,
    s.segment_kind,
    s.segment,
    s.period_kind,
    s.period,
    sum(p.contacts) as contacts,
    sum(p.promised) as promised
  from promises as p
  inner join core.contact_slices as s on s.group_key = p.group_key
  group by s.journey, s.segment_kind, s.segment, s.period_kind, s.period
),
long as (
  select journey, segment_kind, segment, period_kind, period, 'callbacks.kept.closed' as definition,
    closed as n, cast(closed_kept as double) as numerator, cast(closed as double) as denominator,
    cast(null as double) as value
  from sliced
  union all
  select journey, segment_kind, segment, period_kind, period, 'callbacks.kept.due', due, due_kept,
    due, null
  from sliced
  union all
  select journey, segment_kind, segment, period_kind, period, 'callbacks.attempts.mean', attempted,
    attempts, attempted, null
  from sliced
  union all
  select journey, segment_kind, segment, period_kind, period, 'callbacks.attempts.first', tried,
    reached, tried, null
  from sliced
  union all
  select journey, segment_kind, segment, period_kind, period, 'callbacks.reopened', watched,
    reopened, watched, null
  from sliced
  union all
  select journey, segment_kind, segment, period_kind, period, 'callbacks.time_to_done.median', done,
    null, null, done_median_us / 86400000000.0
  from sliced
  union all
  select journey, segment_kind, segment, period_kind, period, 'callbacks.time_to_done.p90', done,
    null, null, done_p90_us / 86400000000.0
  from sliced
  union all
  select journey, segment_kind, segment, period_kind, period, 'callbacks.open_age.median',
    still_open, null, null, age_median_us / 86400000000.0
  from sliced
  union all
  select journey, segment_kind, segment, period_kind, period, 'callbacks.open_age.p90', still_open,
    null, null, age_p90_us / 86400000000.0
  from sliced
  union all
  select journey, segment_kind, segment, period_kind, period, 'callbacks.promised',
    cast(contacts as bigint), promised, contacts, null
  from promised
)
select
  definition,
  journey,
  segment_kind,
  segment,
  period_kind,
  period,
  n,
  numerator,
  denominator,
  value,
  cast(null as double) as lower,
  cast(null as double) as upper
from long
where n > 0
