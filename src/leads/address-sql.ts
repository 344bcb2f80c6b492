/** Channels of a kind of address; one that is closed on all of them is kept on record only. */
const REACHED_BY = { phone: '{whatsapp,sms}', email: '{email}' } as const;

/** SQL: the address by which a person is known and reached, the oldest that still works; `person` is SQL for their id. */
export const addressOf = (kind: keyof typeof REACHED_BY, person: string): string =>
  `(select a.value from addresses a where a.person_id = ${person} and a.kind = '${kind}'
    order by a.unreachable @> '${REACHED_BY[kind]}'::text[], a.created_at limit 1)`;
