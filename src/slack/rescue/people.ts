import { z } from 'zod';
import { isKnown, KnownError, validationError } from '../../lib/errors.ts';
import { may, ROLES, type Role, type Staff } from '../../tenants/index.ts';
import type { ActionPlace, Answer, Asked, Feature, FormValues, Submitted } from '../feature.ts';
import { capital } from '../format.ts';
import { modal, show } from '../lead/modals.ts';
import { clip, escapeMarkup } from '../text.ts';
import { buttons, input, option, section } from '../views.ts';
import { adminParts, NAME_ADMIN, nobodyIsAdmin } from './admins.ts';
import type { Refresh, RescueDeps } from './deps.ts';
import { leadsLeft, leadsOfParts, leavers } from './leads-of.ts';

export const CHANGE_ROLE = 'people_change';
const NOBODY = 'none';
/** Shown at once; the next come when these have been seen to. */
const MOST_LEAVERS = 10;

/** `refresh` writes the checklist anew that the form was opened from. */
export function peopleFeature(deps: RescueDeps, refresh: Refresh): Feature {
  const leadsOf = leadsOfParts(deps);
  const admins = adminParts(deps);
  return {
    commands: [
      {
        name: '/rescue people',
        summary: 'Who has which role here; admins change them.',
        permission: 'people.see',
        run: (asked) => list(deps, asked),
      },
    ],
    actions: {
      ...leadsOf.actions,
      ...admins.actions,
      [CHANGE_ROLE]: { permission: 'people.change', run: (asked, _value, place) => openForm(asked, place) },
    },
    modals: {
      ...leadsOf.modals,
      ...admins.modals,
      [CHANGE_ROLE]: {
        permission: 'people.change',
        async submit(asked, values, below) {
          const done = await change(deps, asked, values);
          if (below !== '') asked.afterwards(() => refresh(asked, below));
          return done;
        },
      },
    },
  };
}

async function list(deps: RescueDeps, asked: Asked): Promise<Answer> {
  const staff = await deps.staff.list(asked.tenant.id);
  const groups: (Role | null)[] = [...ROLES.toReversed(), null];
  const lines = groups.flatMap((role) => {
    const names = staff.filter((person) => person.role === role).map((person) => escapeMarkup(person.name));
    return names.length > 0 ? [`*${groupName(role)}*: ${clip(names.join(', '), 1500)}`] : [];
  });
  const note = 'Full members of this workspace become salespeople when they first use LeadRescue; guests have no role.';
  const button = may(asked.staff.role, 'people.change')
    ? buttons({ text: 'Change a role', actionId: CHANGE_ROLE })
    : [];
  const left = (await leavers(deps, asked.tenant.id)).slice(0, MOST_LEAVERS);
  return {
    text: [...lines, note].join('\n'),
    blocks: [
      ...(nobodyIsAdmin(staff) ? NAME_ADMIN : []),
      ...lines.map((line) => section(line)),
      ...left.map(({ person, leads }) => leadsLeft(person, leads)),
      section(note),
      ...button,
    ],
  };
}

const groupName = (role: Role | null) =>
  role === null ? 'No role' : role === 'salesperson' ? 'Salespeople' : `${capital(role)}s`;

async function openForm(asked: Asked, place: ActionPlace): Promise<void> {
  const roles = [...ROLES.map((role) => option(capital(role), role)), option('No role', NOBODY)];
  const view = modal({
    id: CHANGE_ROLE,
    title: 'Change a role',
    submit: 'Change',
    close: 'Cancel',
    metadata: place.viewId ?? '',
    blocks: [
      input('person', 'Who', { type: 'users_select' }),
      input('role', 'Role', { type: 'static_select', options: roles }),
    ],
  });
  await show(asked, place, view);
}

const wantedRole = z.enum(ROLES).or(z.literal(NOBODY));

async function change(deps: RescueDeps, asked: Asked, values: FormValues): Promise<Submitted> {
  const { tenant, staff } = asked;
  const userId = values.choice('person');
  const read = wantedRole.safeParse(values.choice('role'));
  if (userId === '') throw validationError([{ field: 'person', message: 'Choose somebody.' }]);
  if (!read.success) throw validationError([{ field: 'role', message: 'Choose a role.' }]);
  const role = read.data === NOBODY ? null : read.data;
  const target = await member(deps, asked, userId, role);
  try {
    await deps.staff.setRole(tenant.id, target.id, role, staff);
  } catch (error) {
    if (isKnown(error) && error.code === 'conflict') {
      throw validationError([{ field: 'role', message: error.userMessage }]);
    }
    throw error;
  }
  deps.identity.forget(tenant.id, userId);
  asked.afterwards(() => announce(deps, asked, target, role));
  return { kind: 'close' };
}

/** Whom it is about, as Slack sees them now; a role is for full members. */
async function member(deps: RescueDeps, asked: Asked, userId: string, role: Role | null): Promise<Staff> {
  const message = 'Only full members of this workspace can have a role, not guests, bots or people of other companies.';
  try {
    const { staff, fullMember } = await deps.identity.meet(asked.tenant, userId);
    if (fullMember || role === null) return staff;
  } catch (error) {
    if (!(error instanceof KnownError) || error.code !== 'forbidden') throw error;
  }
  throw validationError([{ field: 'person', message }]);
}

/** Both learn of it: who changed it, and whose role it is. */
async function announce(deps: RescueDeps, asked: Asked, target: Staff, role: Role | null): Promise<void> {
  const now = role === null ? 'has no role any more' : `is ${role} now`;
  const words = `${escapeMarkup(target.name)} ${now}.`;
  const left = role === null ? await leavers(deps, asked.tenant.id) : [];
  const theirs = left.filter(({ person }) => person.id === target.id);
  await asked.whisper({
    text: words,
    blocks: [section(words), ...theirs.map(({ person, leads }) => leadsLeft(person, leads))],
  });
  if (target.id === asked.staff.id) return;
  const yours = role === null ? 'You have no role in LeadRescue any more' : `You are ${role} in LeadRescue now`;
  const text = `${yours}, says ${escapeMarkup(asked.staff.name)}. \`/rescue help\` shows what you can do.`;
  await asked.slack.call('chat.postMessage', { channel: target.slackUserId, text }, z.object({}));
}
