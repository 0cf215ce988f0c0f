/*
meaning: How many contacts there are, whose resident and result are known, why contacts do not count in first-contact resolution, and how satisfied residents are, per slice.
columns:
  definition: Identifier of the definition.
  journey: Journey; all in slices that pool everything and in those of a service formula.
  segment_kind: Kind of segment.
  segment: All, or the segment.
  period_kind: Kind of period.
  period: The period.
  n: Contacts that the figure is made of. [count]
  numerator: Numerator, or sum, of the figure.
  denominator: Denominator of the figure.
  value: The figure, in the unit of its definition; null where numerator and denominator tell.
  lower: Lower end of the 95 percent interval, null where none is computed here.
  upper: Upper end of the 95 percent interval.
tests:
  - unique: [definition, journey, segment_kind, segment, period_kind, period]
  - not_null: [definition, journey, n]
axes:
  reason:
    follow_up: {nl: vervolg op een ander contact, en: follow-up of another contact}
    outbound: {nl: uitgaand, en: outbound}
    wrong_number: {nl: verkeerd verbonden, en: wrong number}
    internal: {nl: intern, en: internal}
    status: {nl: statusvraag, en: status question}
    pending_24h: {nl: venster van 24 uur nog open, en: window of 24 hours still open}
    pending_7d: {nl: venster van 7 dagen nog open, en: window of 7 days still open}
    pending_14d: {nl: venster van 14 dagen nog open, en: window of 14 days still open}
    pending_28d: {nl: venster van 28 dagen nog open, en: window of 28 days still open}
definitions:
  contacts.inbound:
    name_nl: Contacten van inwoners
    name_en: Contacts of residents
    formula_nl: aantal contacten waarbij de inwoner het initiatief nam
    formula_en: contacts at which the resident took the initiative
    unit: contacts
    direction: none
    population_nl: contacten van inwoners
    population_en: contacts of residents
    exclusions_nl: uitgaand; vervolgcontacten
    exclusions_en: outbound; follow-ups
    source: count by Amsterdam date of the contact
    parameters: {statistic: inbound}
    counts: contacts
    maturity: over
    rows:
      facts: core.first_contact
      where: time_window = '24h'
      keep:
        - {nl: op initiatief van de inwoner, en: the resident took the initiative, sql: "coalesce(left_out, '') not in ('follow_up', 'outbound')"}
      show: [left_out]
  contacts.identified:
    name_nl: Contacten waarvan de inwoner bekend is
    name_en: Contacts whose resident is known
    formula_nl: contacten van bekende inwoners / contacten van inwoners; onder 80 procent en ruim 5 punten anders dan de periode ervoor zijn lezingen met herhaling niet vergelijkbaar
    formula_en: contacts of known residents / contacts of residents; under 80 percent and over 5 points off the period before, readings with repeats are not comparable
    unit: percent
    direction: none
    population_nl: contacten die meetellen voor direct afgehandeld, ook als het venster nog open is
    population_en: contacts that count for first-contact resolution, also while the window is open
    exclusions_nl: vervolgcontacten; uitgaand; verkeerd verbonden, intern en statusvragen
    exclusions_en: follow-ups; outbound; wrong numbers, internal and status questions
    source: coverage of the repeat reading; without it anonymous contacts would pass for settled
    parameters: {statistic: identified}
    settings: [contact_words]
    counts: contacts
    maturity: over
    rows:
      facts: core.first_contact
      where: time_window = '24h'
      keep:
        - {nl: telt mee voor direct afgehandeld, en: counts for first contact, sql: "coalesce(left_out, 'pending') = 'pending'"}
      show: [is_identified]
  contacts.labelled:
    name_nl: Contacten met een geregistreerd resultaat
    name_en: Contacts with a registered result
    formula_nl: contacten met een resultaat, niet Onbekend / contacten van inwoners
    formula_en: contacts with a result, not Onbekend / contacts of residents
    unit: percent
    direction: none
    population_nl: contacten die meetellen voor direct afgehandeld, ook als het venster nog open is
    population_en: contacts that count for first-contact resolution, also while the window is open
    exclusions_nl: vervolgcontacten; uitgaand; verkeerd verbonden, intern en statusvragen
    exclusions_en: follow-ups; outbound; wrong numbers, internal and status questions
    source: coverage of the registered reading
    parameters: {statistic: labelled}
    settings: [contact_words]
    counts: contacts
    maturity: over
    rows:
      facts: core.first_contact
      where: time_window = '24h'
      keep:
        - {nl: telt mee voor direct afgehandeld, en: counts for first contact, sql: "coalesce(left_out, 'pending') = 'pending'"}
      show: [is_settled_by_label]
  contacts.left_out.{reason}:
    name_nl: "Telt niet mee voor direct afgehandeld: {reason.nl}"
    name_en: "Does not count for first-contact resolution: {reason.en}"
    formula_nl: contacten met als eerste geldende reden {reason.nl} / alle contacten
    formula_en: contacts with {reason.en} as the first reason that applies / all contacts
    unit: percent
    direction: none
    population_nl: alle contacten
    population_en: all contacts
    exclusions_nl: geen
    exclusions_en: none
    source: order of the reasons as in core.first_contact
    parameters: {reason: "{reason}"}
    settings: [contact_words]
    counts: contacts
    maturity: over
    rows:
      show: [contacted_at, channel]
  satisfaction.mean:
    name_nl: Tevredenheid na het contact (gemiddelde)
    name_en: Satisfaction after the contact (mean)
    formula_nl: gemiddelde van de gegeven cijfers, op de schaal van de bron; getoond vanaf 10 cijfers
    formula_en: mean of the marks given, on the scale of the source; shown from 10 marks on
    unit: mark
    direction: higher
    population_nl: contacten waarvoor de inwoner een cijfer gaf
    population_en: contacts for which the resident gave a mark
    exclusions_nl: contacten zonder cijfer
    exclusions_en: contacts without a mark
    source: interval by the standard error of the mean
    parameters: {statistic: mean, least_marks: 10}
    counts: contacts
    maturity: over
    rows:
      keep:
        - {nl: met een cijfer, en: with a mark, sql: satisfaction is not null}
      show: [contacted_at, channel, satisfaction]
      value: satisfaction
*/
with reasons as (
  select
    g.group_key,
    count(*) filter (where f.time_window = '24h') as contacts,
    count(*) filter (
      where f.time_window = '24h' and coalesce(f.left_out, '') not in ('follow_up', 'outbound')
    ) as inbound,
    count(*) filter (where f.time_window = '24h' and coalesce(f.left_out, 'pending') = 'pending')
      as counted,
    count(*) filter (
      where f.time_window = '24h' and coalesce(f.left_out, 'pending') = 'pending'
        and f.is_identified
    ) as identified,
    count(f.is_settled_by_label) filter (
      where f.time_window = '24h' and coalesce(f.left_out, 'pending') = 'pending'
    ) as labelled,
    count(*) filter (where f.time_window = '24h' and f.left_out = 'follow_up') as follow_up,
    count(*) filter (where f.time_window = '24h' and f.left_out = 'outbound') as outbound,
    count(*) filter (where f.time_window = '24h' and f.left_out = 'wrong_number') as wrong_number,
    count(*) filter (where f.time_window = '24h' and f.left_out = 'internal') as internal,
    count(*) filter (where f.time_window = '24h' and f.left_out = 'status') as status,
    count(*) filter (where f.time_window = '24h' and f.left_out = 'pending') as pending_24h,
    count(*) filter (where f.time_window = '7d' and f.left_out = 'pending') as pending_7d,
    count(*) filter (where f.time_window = '14d' and f.left_out = 'pending') as pending_14d,
    count(*) filter (where f.time_window = '28d' and f.left_out = 'pending') as pending_28d
  from core.first_contact as f
  inner join core.contact_groups as g on g.contact_key = f.contact_key
  group by g.group_key
),
marks as (
  select
    g.group_key,
    count(c.satisfaction) as marks,
    sum(c.satisfaction) as marks_sum,
    sum(c.satisfaction * c.satisfaction) as marks_square
  from core.contacts as c
  inner join core.contact_groups as g on g.contact_key = c.contact_key
  where c.satisfaction is not null
  group by g.group_key
),
sliced as (
  select
    s.journey,
    s.segment_kind,
    s.segment,
    s.period_kind,
    s.period,
    sum(r.contacts) as contacts,
    sum(r.inbound) as inbound,
    sum(r.counted) as counted,
    sum(r.identified) as identified,
    sum(r.labelled) as labelled,
    sum(r.follow_up) as follow_up,
    sum(r.outbound) as outbound,
    sum(r.wrong_number) as wrong_number,
    sum(r.internal) as internal,
    sum(r.status) as status,
    sum(r.pending_24h) as pending_24h,
    sum(r.pending_7d) as pending_7d,
    sum(r.pending_14d) as pending_14d,
    sum(r.pending_28d) as pending_28d,
    sum(m.marks) as marks,
    sum(m.marks_sum) as marks_sum,
    sum(m.marks_square) as marks_square
  from core.contact_slices as s
  inner join reasons as r on r.group_key = s.group_key
  left join marks as m on m.group_key = s.group_key
  group by s.journey, s.segment_kind, s.segment, s.period_kind, s.period
),
shares as (
  select *, 'contacts.identified' as definition, identified as yes, counted as n from sliced
  union all
  select *, 'contacts.labelled', labelled, counted from sliced
  union all
  select *, 'contacts.left_out.follow_up', follow_up, contacts from sliced
  union all
  select *, 'contacts.left_out.outbound', outbound, contacts from sliced
  union all
  select *, 'contacts.left_out.wrong_number', wrong_number, contacts from sliced
  union all
  select *, 'contacts.left_out.internal', internal, contacts from sliced
  union all
  select *, 'contacts.left_out.status', status, contacts from sliced
  union all
  select *, 'contacts.left_out.pending_24h', pending_24h, contacts from sliced
  union all
  select *, 'contacts.left_out.pending_7d', pending_7d, contacts from sliced
  union all
  select *, 'contacts.left_out.pending_14d', pending_14d, contacts from sliced
  union all
  select *, 'contacts.left_out.pending_28d', pending_28d, contacts from sliced
),
marked as (
  select
    *,
    marks_sum / marks as mean,
    1.959963984540054 * sqrt(
      greatest(marks_square - marks_sum * marks_sum / marks, 0) / (marks - 1) / marks
    ) as spread
  from sliced
  where marks >= 10
)
select
  definition,
  journey,
  segment_kind,
  segment,
  period_kind,
  period,
  cast(n as bigint) as n,
  cast(yes as double) as numerator,
  cast(n as double) as denominator,
  cast(null as double) as value,
  cast(null as double) as lower,
  cast(null as double) as upper
from shares
where n > 0
union all
select 'contacts.inbound', journey, segment_kind, segment, period_kind, period,
  cast(inbound as bigint), cast(inbound as double), null, cast(inbound as double), null, null
from sliced
where inbound > 0
union all
select 'satisfaction.mean', journey, segment_kind, segment, period_kind, period,
  cast(marks as bigint), marks_sum, cast(marks as double), mean, mean - spread, mean + spread
from marked
