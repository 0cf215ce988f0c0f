/*
meaning: Contacts that are alike in all that slices tell apart, so that figures are counted per group before they are counted per slice. One row per contact.
columns:
  contact_key: The contact.
  group_key: The first contact of its group, which stands for it.
tests:
  - unique: [contact_key]
  - not_null: [contact_key, group_key]
*/
select
  contact_key,
  min(contact_key) over (
    partition by journey, service_formula, channel, topic, team,
      date_trunc('month', contacted_on), date_trunc('week', contacted_on)
  ) as group_key
from core.contacts
