/*
meaning: One row per question of a resident - a first contact on a topic, and what the same resident needed on that topic in the 28 days after it. Only questions whose 28 days before and after were seen.
columns:
  contact_key: The first contact, which stands for the question.
  contacts: Contacts on the topic within the 28 days, the first among them. [count]
  teams: Different teams in them, 0 where none is known. [count]
  unanswered: Contacts in them that the process shows as not settled. [count]
  runaround: Teams after the first, contacts left unanswered, and repeats, together. [count]
tests:
  - unique: [contact_key]
  - not_null: [contact_key, contacts, teams, unanswered, runaround]
  - assert:
      name: one_contact_settled_at_once_is_no_runaround
      rows: select * from core.questions where contacts = 1 and unanswered = 0 and runaround > 0
*/
with asked as (
  select
    c.contact_key,
    c.source,
    c.client,
    c.subject,
    epoch_us(c.contacted_at) as at_us,
    c.team,
    f.is_settled_by_process,
    f.begins_topic_question and f.left_out is null as is_first
  from core.contacts as c
  inner join core.first_contact as f
    on f.contact_key = c.contact_key and f.time_window = '28d'
  where f.has_topic_repeat is not null
),
placed as (
  select
    *,
    max(case when is_first then contact_key end) over (
      partition by source, client, subject order by contact_key
      rows between unbounded preceding and current row
    ) as question_key,
    max(case when is_first then at_us end) over (
      partition by source, client, subject order by contact_key
      rows between unbounded preceding and current row
    ) as asked_us
  from asked
),
counted as (
  select
    question_key as contact_key,
    count(*) as contacts,
    count(distinct team) as teams,
    count(*) filter (where not is_settled_by_process) as unanswered
  from placed
  where at_us - asked_us <= 2419200000000
  group by question_key
)
select
  contact_key,
  contacts,
  teams,
  unanswered,
  greatest(teams - 1, 0) + unanswered + contacts - 1 as runaround
from counted
