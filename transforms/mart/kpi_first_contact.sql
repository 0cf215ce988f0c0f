/*
meaning: First-contact resolution per slice, in every reading and window; a reading without the data that it needs has no rows.
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
  window:
    24h: {nl: 24 uur, en: 24 hours}
    7d: {nl: 7 dagen, en: 7 days}
    14d: {nl: 14 dagen, en: 14 days}
    28d: {nl: 28 dagen, en: 28 days}
  key:
    topic:
      nl: dezelfde inwoner met hetzelfde onderwerp
      en: the same resident with the same topic
      needs_nl: inwoner en onderwerp bekend
      needs_en: resident and topic known
    client:
      nl: dezelfde inwoner, waarmee dan ook
      en: the same resident, with whatever
      needs_nl: inwoner bekend
      needs_en: resident known
definitions:
  first_contact.registered.{window}:
    name_nl: Direct afgehandeld volgens registratie, venster {window.nl}
    name_en: Settled at first contact by registration, window {window.en}
    formula_nl: contacten waarvan het geregistreerde resultaat zegt dat de vraag beantwoord is / contacten met een geregistreerd resultaat
    formula_en: contacts whose registered result says that the question was answered / contacts with a registered result
    unit: percent
    direction: higher
    population_nl: contacten van inwoners met een geregistreerd resultaat, waarvan het venster van {window.nl} voorbij is
    population_en: contacts of residents with a registered result whose window of {window.en} is over
    exclusions_nl: vervolgcontacten; uitgaand; verkeerd verbonden, intern en statusvragen; venster nog open; geen resultaat of Onbekend
    exclusions_en: follow-ups; outbound; wrong numbers, internal and status questions; window still open; no result or Onbekend
    source: label of the employee, by KISS management information; optimistic by nature
    parameters: {reading: registered, window: "{window}"}
    settings: [resolved_results, contact_words]
    counts: contacts
    maturity: "{window}"
    rows:
      facts: core.first_contact
      where: "time_window = '{window}'"
      keep:
        - {nl: telt mee en het venster is voorbij, en: counts, and its window is over, sql: left_out is null}
        - {nl: met een geregistreerd resultaat, en: with a registered result, sql: is_settled_by_label is not null}
      show: [is_settled_by_label]
      value: is_settled_by_label
    competes: "first_contact_{window}"
  first_contact.process.{window}:
    name_nl: Direct afgehandeld volgens proces, venster {window.nl}
    name_en: Settled at first contact by process, window {window.en}
    formula_nl: contacten zonder terugbelverzoek, zonder onafgehandeld resultaat, zonder vervolgactie en niet onbereikt / contacten
    formula_en: contacts without a callback, without an unsettled result, without further action and not unreached / contacts
    unit: percent
    direction: higher
    population_nl: contacten van inwoners waarvan het venster van {window.nl} voorbij is, ook anonieme; bovengrens van de lezing met herhaling
    population_en: contacts of residents whose window of {window.en} is over, also anonymous ones; upper bound of the reading with repeats
    exclusions_nl: vervolgcontacten; uitgaand; verkeerd verbonden, intern en statusvragen; venster nog open; contacten waarvan niets hiervan bekend is
    exclusions_en: follow-ups; outbound; wrong numbers, internal and status questions; window still open; contacts of which none of this is known
    source: contained by the first line, as in Gartner (pat.eu); without a callback, as in Klantinteracties
    parameters: {reading: process, window: "{window}"}
    settings: [resolved_results, contact_words]
    counts: contacts
    maturity: "{window}"
    rows:
      facts: core.first_contact
      where: "time_window = '{window}'"
      keep:
        - {nl: telt mee en het venster is voorbij, en: counts, and its window is over, sql: left_out is null}
        - {nl: waarvan iets bekend is, en: of which something is known, sql: is_settled_by_process is not null}
      show: [is_settled_by_process]
      value: is_settled_by_process
    competes: "first_contact_{window}"
  first_contact.settled.{window}:
    name_nl: Direct afgehandeld en niet herhaald binnen {window.nl}
    name_en: Settled at first contact and not repeated within {window.en}
    formula_nl: contacten die volgens het proces afgehandeld zijn en waarna dezelfde inwoner niet binnen {window.nl} hetzelfde vroeg / contacten van bekende inwoners; hetzelfde is dezelfde zaak, anders hetzelfde soort onderwerp, anders hetzelfde onderwerp
    formula_en: contacts settled by process after which the same resident did not ask the same within {window.en} / contacts of known residents; the same is the same case, else the same type of subject, else the same subject
    unit: percent
    direction: higher
    population_nl: contacten van bekende inwoners waarvan het venster voorbij is
    population_en: contacts of known residents whose window is over
    exclusions_nl: anonieme contacten; vervolgcontacten; uitgaand; verkeerd verbonden, intern en statusvragen; venster nog open
    exclusions_en: anonymous contacts; follow-ups; outbound; wrong numbers, internal and status questions; window still open
    source: repeat calls as in ICMI (wiki.wfmlabs.org); one question a contact, as in KISS
    parameters: {reading: settled, window: "{window}", key: subject}
    settings: [resolved_results, contact_words]
    counts: contacts
    maturity: "{window}"
    rows:
      facts: core.first_contact
      where: "time_window = '{window}'"
      keep:
        - {nl: telt mee en het venster is voorbij, en: counts, and its window is over, sql: left_out is null}
        - {nl: waarvan iets bekend is, en: of which something is known, sql: is_settled_by_process is not null}
        - {nl: van een bekende inwoner, en: of a known resident, sql: is_identified}
      show: [is_settled_by_process, has_repeat]
      value: is_settled_by_process and not coalesce(has_repeat, false)
    competes: "first_contact_{window}"
  first_contact.no_repeat.{key}.{window}:
    name_nl: Geen herhaling binnen {window.nl} door {key.nl}, per contact
    name_en: No repeat within {window.en} by {key.en}, per contact
    formula_nl: contacten zonder later contact binnen {window.nl} van {key.nl} / contacten met {key.needs_nl}
    formula_en: contacts without a later contact within {window.en} of {key.en} / contacts with {key.needs_en}
    unit: percent
    direction: higher
    population_nl: contacten van inwoners met {key.needs_nl}, waarvan het venster voorbij is
    population_en: contacts of residents with {key.needs_en} whose window is over
    exclusions_nl: contacten zonder sleutel; vervolgcontacten; uitgaand; verkeerd verbonden, intern en statusvragen; venster nog open
    exclusions_en: contacts without the key; follow-ups; outbound; wrong numbers, internal and status questions; window still open
    source: repeat calls as in ICMI (wiki.wfmlabs.org); any channel repeats, at the same instant what stands later in the source
    parameters: {reading: no_repeat, window: "{window}", key: "{key}", population: contact}
    settings: [contact_words]
    counts: contacts
    maturity: "{window}"
    rows:
      facts: core.first_contact
      where: "time_window = '{window}'"
      keep:
        - {nl: telt mee en het venster is voorbij, en: counts, and its window is over, sql: left_out is null}
        - {nl: "{key.needs_nl}", en: "{key.needs_en}", sql: "has_{key}_repeat is not null"}
      show: ["has_{key}_repeat"]
      value: "not has_{key}_repeat"
    competes: "first_contact_{window}"
  first_contact.question.{key}.{window}:
    name_nl: Vragen zonder herhaling binnen {window.nl} door {key.nl}
    name_en: Questions without a repeat within {window.en} by {key.en}
    formula_nl: eerste contacten van een vraag zonder later contact binnen {window.nl} van {key.nl} / eerste contacten van een vraag; eerste is zonder contact van dezelfde sleutel in de {window.nl} ervoor
    formula_en: first contacts of a question without a later contact within {window.en} of {key.en} / first contacts of a question; first means without a contact of the same key in the {window.en} before
    unit: percent
    direction: higher
    population_nl: eerste contacten van een vraag met {key.needs_nl}, waarvan het venster voor en na gezien is
    population_en: first contacts of a question with {key.needs_en} whose window before and after was seen
    exclusions_nl: contacten zonder sleutel; herhalingen; vervolgcontacten; uitgaand; verkeerd verbonden, intern en statusvragen; venster nog open; de eerste {window.nl} van de bron
    exclusions_en: contacts without the key; repeats; follow-ups; outbound; wrong numbers, internal and status questions; window still open; the first {window.en} of the source
    source: repeat calls as in ICMI (wiki.wfmlabs.org); per question instead of per contact
    parameters: {reading: question, window: "{window}", key: "{key}", population: question}
    settings: [contact_words]
    counts: contacts
    maturity: "{window}"
    rows:
      facts: core.first_contact
      where: "time_window = '{window}'"
      keep:
        - {nl: telt mee en het venster is voorbij, en: counts, and its window is over, sql: left_out is null}
        - {nl: "{key.needs_nl}", en: "{key.needs_en}", sql: "has_{key}_repeat is not null"}
        - {nl: eerste contact van de vraag, en: first contact of the question, sql: "begins_{key}_question"}
      show: ["has_{key}_repeat"]
      value: "not has_{key}_repeat"
    competes: "first_contact_{window}"
*/
with grouped as (
  select
    g.group_key,
    f.time_window,
    count(f.is_settled_by_label) as labelled,
    count(*) filter (where f.is_settled_by_label) as by_label,
    count(f.is_settled_by_process) as counted,
    count(*) filter (where f.is_settled_by_process) as by_process,
    count(f.is_settled_by_process) filter (where f.is_identified) as identified,
    count(*) filter (where f.is_settled_by_process and not f.has_repeat) as settled,
    count(f.has_topic_repeat) as topics,
    count(*) filter (where not f.has_topic_repeat) as topics_once,
    count(f.has_client_repeat) as clients,
    count(*) filter (where not f.has_client_repeat) as clients_once,
    count(*) filter (where f.begins_topic_question) as topic_questions,
    count(*) filter (where f.begins_topic_question and not f.has_topic_repeat)
      as topic_questions_once,
    count(*) filter (where f.begins_client_question) as client_questions,
    count(*) filter (where f.begins_client_question and not f.has_client_repeat)
      as client_questions_once
  from core.first_contact as f
  inner join core.contact_groups as g on g.contact_key = f.contact_key
  where f.left_out is null
  group by g.group_key, f.time_window
),
sliced as (
  select
    g.time_window,
    s.journey,
    s.segment_kind,
    s.segment,
    s.period_kind,
    s.period,
    sum(g.labelled) as labelled,
    sum(g.by_label) as by_label,
    sum(g.counted) as counted,
    sum(g.by_process) as by_process,
    sum(g.identified) as identified,
    sum(g.settled) as settled,
    sum(g.topics) as topics,
    sum(g.topics_once) as topics_once,
    sum(g.clients) as clients,
    sum(g.clients_once) as clients_once,
    sum(g.topic_questions) as topic_questions,
    sum(g.topic_questions_once) as topic_questions_once,
    sum(g.client_questions) as client_questions,
    sum(g.client_questions_once) as client_questions_once
  from grouped as g
  inner join core.contact_slices as s on s.group_key = g.group_key
  group by g.time_window, s.journey, s.segment_kind, s.segment, s.period_kind, s.period
),
long as (
  select *, 'registered' as reading, by_label as yes, labelled as n from sliced
  union all
  select *, 'process', by_process, counted from sliced
  union all
  select *, 'settled', settled, identified from sliced
  union all
  select *, 'no_repeat.topic', topics_once, topics from sliced
  union all
  select *, 'no_repeat.client', clients_once, clients from sliced
  union all
  select *, 'question.topic', topic_questions_once, topic_questions from sliced
  union all
  select *, 'question.client', client_questions_once, client_questions from sliced
)
select
  'first_contact.' || reading || '.' || time_window as definition,
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
from long
where n > 0
