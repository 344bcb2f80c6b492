import type { StandInUser } from './types.ts';

/** The workspace of the demo and of most tests. */
export const DEMO_TEAM_ID = 'T0DEMO';
export const DEMO_TEAM_NAME = 'Nordic Motors';
/** A workspace next door, met through Slack Connect. */
const OTHER_TEAM_ID = 'T0OTHER';

export const U_SOFIA = 'U0SOFIA';
export const U_ERIK = 'U0ERIK';
export const U_MARIA = 'U0MARIA';
export const U_ADMIN = 'U0ADMIN';
export const U_GUEST = 'U0GUEST';
export const U_ULTRA = 'U0ULTRA';
export const U_STRANGER = 'U0STRANGER';

const place = { tz: 'Europe/Stockholm', locale: 'en-US' };

/** Nordic Motors' people. Phone numbers are from the range Sweden's regulator keeps for fiction (070-174 06 05 to 99). */
export const DEMO_PEOPLE: readonly StandInUser[] = [
  {
    id: U_SOFIA,
    name: 'sofia',
    realName: 'Sofia Lindqvist',
    email: 'sofia@nordicmotors.example',
    phone: '+46701740611',
    ...place,
  },
  {
    id: U_ERIK,
    name: 'erik',
    realName: 'Erik Holm',
    email: 'erik@nordicmotors.example',
    phone: '+46701740612',
    ...place,
  },
  {
    id: U_MARIA,
    name: 'maria',
    realName: 'Maria Nyström',
    email: 'maria@nordicmotors.example',
    phone: '+46701740613',
    ...place,
  },
  {
    id: U_ADMIN,
    name: 'anders',
    realName: 'Anders Berg',
    email: 'anders@nordicmotors.example',
    admin: true,
    owner: true,
    ...place,
  },
  { id: U_GUEST, name: 'gustav', realName: 'Gustav Guest', email: 'gustav@agency.example', restricted: true, ...place },
  { id: U_ULTRA, name: 'ulla', realName: 'Ulla Guest', email: 'ulla@agency.example', ultraRestricted: true, ...place },
  { id: U_STRANGER, name: 'stina', realName: 'Stina Sund', teamId: OTHER_TEAM_ID, stranger: true, ...place },
];
