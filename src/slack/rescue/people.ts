import { z } from 'zod';
import { isKnown, KnownError, validationError } from '../../lib/errors.ts';
import { may, ROLES, type Role, type Staff } from '../../tenants/index.ts';
import type { Answer, Asked, Feature, FormValues, Submitted } from '../feature.ts';
import { capital, roleWords } from '../format.ts';
import { clip, escapeMarkup } from '../text.ts';
import { buttons, input, type ModalView, option, plain, section } from '../views.ts';
import type { RescueDeps } from './deps.ts';

const CHANGE = 'people_change';
const NOBODY = 'none';

export function peopleFeature(deps: RescueDeps): Feature {
  return {
    commands: [
      {
        name: '/rescue people',
        summary: 'Who has which role here; admins change them.',
        permission: 'people.see',
        run: (asked) => list(deps, asked),
      },
    ],
    actions: { [CHANGE]: { permission: 'people.change', run: openForm } },
    modals: { [CHANGE]: { permission: 'people.change', submit: (asked, values) => change(deps, asked, values) } },
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
  const button = may(asked.staff.role, 'people.change') ? buttons({ text: 'Change a role', actionId: CHANGE }) : [];
  return {
    text: [...lines, note].join('\n'),
    blocks: [...lines.map((line) => section(line)), section(note), ...button],
  };
}

const groupName = (role: Role | null) =>
  role === null ? 'No role' : role === 'salesperson' ? 'Salespeople' : `${capital(role)}s`;

async function openForm(asked: Asked): Promise<void> {
  const roles = [...ROLES.map((role) => option(capital(role), role)), option('No role', NOBODY)];
  const view: ModalView = {
    type: 'modal',
    callback_id: CHANGE,
    title: plain('Change a role', 24),
    submit: plain('Change', 24),
    close: plain('Cancel', 24),
    blocks: [
      input('person', 'Who', { type: 'users_select' }),
      input('role', 'Role', { type: 'static_select', options: roles }),
    ],
  };
  await asked.slack.call('views.open', { trigger_id: asked.triggerId, view }, z.object({}));
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
  asked.afterwards(() => announce(asked, target, role));
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
async function announce(asked: Asked, target: Staff, role: Role | null): Promise<void> {
  const now = role === null ? 'has no role any more' : `is ${roleWords(role)} now`;
  await asked.whisper({ text: `${escapeMarkup(target.name)} ${now}.` });
  if (target.id === asked.staff.id) return;
  const yours =
    role === null ? 'You have no role in LeadRescue any more' : `You are ${roleWords(role)} in LeadRescue now`;
  const text = `${yours}, says ${escapeMarkup(asked.staff.name)}. \`/rescue help\` shows what you can do.`;
  await asked.slack.call('chat.postMessage', { channel: target.slackUserId, text }, z.object({}));
}
