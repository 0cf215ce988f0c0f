/*
meaning: Failure demand per slice - contacts of residents that only ask where their case stands, as a share of contacts and per case; a reading without the data that it needs has no rows.
columns:
  definition: Identifier of the definition.
  journey: Journey; all in slices that pool everything and in those of a service formula.
  segment_kind: Kind of segment.
  segment: All, or the segment.
  period_kind: Kind of period.
  period: The period.
  n: Contacts or cases that the figure is made of. [count]
  numerator: Numerator, or sum, of the figure.
  denominator: Denominator of the figure.
  value: The figure, in the unit of its definition; null where numerator and denominator tell.
  lower: Lower end of the 95 percent interval, null where none is computed here.
  upper: Upper end of the 95 percent interval.
tests:
  - unique: [definition, journey, segment_kind, segment, period_kind, period]
  - not_null: [definition, journey, n]
axes:
  reading:
    words:
      name_nl: volgens onderwerp of reden
      name_en: by topic or reason
      what_nl: contacten waarvan de reden of het onderwerp volgens de configuratie een statusvraag is
      what_en: contacts whose reason or topic is a status question by the configuration
      exclusions_nl: uitgaand; vervolgcontacten
      exclusions_en: outbound; follow-ups
    process:
      name_nl: volgens proces
      name_en: by process
      what_nl: contacten over een lopende zaak van een eerdere dag, zonder nieuwe zaak binnen een dag en zonder terugbelverzoek
      what_en: contacts about an open case of an earlier day, with no new case within a day and no callback
      exclusions_nl: uitgaand; vervolgcontacten; vragen waarvan de zaak niet gekoppeld is gelden als geen statusvraag
      exclusions_en: outbound; follow-ups; questions whose case is not linked count as no status question
definitions:
  failure_demand.status.{reading}:
    name_nl: Statusvragen, {reading.name_nl}
    name_en: Status questions, {reading.name_en}
    formula_nl: "{reading.what_nl} / contacten van inwoners"
    formula_en: "{reading.what_en} / contacts of residents"
    unit: percent
    direction: lower
    population_nl: contacten van inwoners
    population_en: contacts of residents
    exclusions_nl: "{reading.exclusions_nl}"
    exclusions_en: "{reading.exclusions_en}"
    source: Seddon, failure demand; the part of it that registrations carry
    parameters: {statistic: status, reading: "{reading}"}
    settings: [contact_words]
    counts: contacts
    maturity: over
    rows:
      keep:
        - {nl: van inwoners, en: of residents, sql: is_inbound and not is_follow_up}
      show: [contacted_at, channel, topic]
    competes: failure_demand
  failure_demand.linked:
    name_nl: Statusvragen waarvan de lopende zaak bekend is
    name_en: Status questions whose open case is known
    formula_nl: statusvragen volgens onderwerp of reden met een lopende zaak / statusvragen volgens onderwerp of reden
    formula_en: status questions by topic or reason with an open case / status questions by topic or reason
    unit: percent
    direction: none
    population_nl: statusvragen volgens onderwerp of reden
    population_en: status questions by topic or reason
    exclusions_nl: alle andere contacten
    exclusions_en: all other contacts
    source: coverage of the figures per case
    parameters: {statistic: linked}
    settings: [contact_words]
    counts: contacts
    maturity: over
    rows:
      facts: "(select c.contact_key, c.contacted_at, c.is_inbound and not c.is_follow_up as is_asked, s.contact_key is not null as is_status, s.case_key is not null as is_linked from core.contacts as c left join core.status_contacts as s on s.contact_key = c.contact_key and s.reading = 'words') as asked"
      keep:
        - {nl: van inwoners, en: of residents, sql: is_asked}
        - {nl: vragen naar de stand, en: ask where it stands, sql: is_status}
      show: [contacted_at, is_linked]
  failure_demand.per_case.{reading}:
    name_nl: Statusvragen per zaak, {reading.name_nl}
    name_en: Status questions per case, {reading.name_en}
    formula_nl: statusvragen tijdens de looptijd van zaken / zaken
    formula_en: status questions while cases were open / cases
    unit: per_case
    direction: lower
    population_nl: zaken die begonnen toen er al contacten gezien werden
    population_en: cases that began when contacts were already seen
    exclusions_nl: zaken van voor het eerste contact; statusvragen zonder gekoppelde zaak
    exclusions_en: cases from before the first contact; status questions without a linked case
    source: Seddon, failure demand
    parameters: {statistic: per_case, reading: "{reading}"}
    settings: [contact_words, end_activities]
    rows:
      keep:
        - {nl: begonnen sinds contacten gezien zijn, en: begun since contacts were seen, sql: opened_at >= (select min(contacted_at) from core.contacts)}
      show: [opened_at, closed_at]
  failure_demand.per_30_days.{reading}:
    name_nl: Statusvragen per 30 dagen wachten, {reading.name_nl}
    name_en: Status questions per 30 days of waiting, {reading.name_en}
    formula_nl: statusvragen tijdens de looptijd van zaken / looptijd van die zaken in perioden van 30 dagen, voor open zaken tot de peildatum
    formula_en: status questions while cases were open / the time that those were open in stretches of 30 days, for open cases until the cut-off
    unit: per_30_days
    direction: lower
    population_nl: zaken die begonnen toen er al contacten gezien werden
    population_en: cases that began when contacts were already seen
    exclusions_nl: zaken van voor het eerste contact; statusvragen zonder gekoppelde zaak; zaken die eindigen voor ze beginnen
    exclusions_en: cases from before the first contact; status questions without a linked case; cases that end before they start
    source: Seddon, failure demand
    parameters: {statistic: per_30_days, reading: "{reading}"}
    settings: [contact_words, end_activities]
    maturity: over
    rows:
      keep:
        - {nl: begonnen sinds contacten gezien zijn, en: begun since contacts were seen, sql: opened_at >= (select min(contacted_at) from core.contacts)}
        - {nl: met een bekende duur, en: with a known length, sql: "coalesce(lead_time_us, age_us) >= 0"}
      show: [opened_at, closed_at]
*/
-- Zero is told only where the reading could have found something.
with readings as (
  select 'words' as reading from config.contact_words where kind = 'status'
  union
  select 'process' from core.contacts where case_key is not null
),
status as (
  select
    g.group_key,
    s.reading,
    count(*) as asked,
    count(s.case_key) as linked
  from core.status_contacts as s
  inner join core.contact_groups as g on g.contact_key = s.contact_key
  group by g.group_key, s.reading
),
inbound as (
  select g.group_key, count(*) as contacts
  from core.contacts as c
  inner join core.contact_groups as g on g.contact_key = c.contact_key
  where c.is_inbound and not c.is_follow_up
  group by g.group_key
),
of_contacts as (
  select
    r.reading,
    s.journey,
    s.segment_kind,
    s.segment,
    s.period_kind,
    s.period,
    sum(i.contacts) as contacts,
    sum(coalesce(t.asked, 0)) as asked,
    sum(coalesce(t.linked, 0)) as linked
  from inbound as i
  inner join core.contact_slices as s on s.group_key = i.group_key
  cross join readings as r
  left join status as t on t.group_key = i.group_key and t.reading = r.reading
  group by r.reading, s.journey, s.segment_kind, s.segment, s.period_kind, s.period
),
asked_of as (
  select case_key, reading, count(*) as asked
  from core.status_contacts
  where case_key is not null
  group by case_key, reading
),
begun as (
  select min(contacted_at) as seen_from from core.contacts
),
waited as (
  select
    c.case_key,
    r.reading,
    coalesce(a.asked, 0) as asked,
    coalesce(c.lead_time_us, c.age_us) as open_us
  from core.cases as c
  inner join begun as b on c.opened_at >= b.seen_from
  cross join readings as r
  left join asked_of as a on a.case_key = c.case_key and a.reading = r.reading
),
of_cases as (
  select
    w.reading,
    s.journey,
    s.segment_kind,
    s.segment,
    s.period_kind,
    s.period,
    count(*) as cases,
    sum(w.asked) as asked,
    count(*) filter (where w.open_us >= 0) as waiting,
    sum(w.asked) filter (where w.open_us >= 0) as asked_waiting,
    sum(w.open_us / 86400000000.0) filter (where w.open_us >= 0) as open_days
  from waited as w
  inner join core.case_slices as s on s.case_key = w.case_key
  group by w.reading, s.journey, s.segment_kind, s.segment, s.period_kind, s.period
),
long as (
  select 'failure_demand.status.' || reading as definition, journey, segment_kind, segment,
    period_kind, period, cast(contacts as bigint) as n, cast(asked as double) as numerator,
    cast(contacts as double) as denominator
  from of_contacts
  union all
  select 'failure_demand.linked', journey, segment_kind, segment, period_kind, period,
    cast(asked as bigint), linked, asked
  from of_contacts
  where reading = 'words'
  union all
  select 'failure_demand.per_case.' || reading, journey, segment_kind, segment, period_kind,
    period, cases, asked, cases
  from of_cases
  union all
  select 'failure_demand.per_30_days.' || reading, journey, segment_kind, segment, period_kind,
    period, waiting, asked_waiting, open_days / 30
  from of_cases
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
  cast(null as double) as value,
  cast(null as double) as lower,
  cast(null as double) as upper
from long
where n > 0 and denominator > 0
