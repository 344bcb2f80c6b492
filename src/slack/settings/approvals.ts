import type { Effect, EffectHandler } from '../../events/index.ts';
import { KnownError } from '../../lib/errors.ts';
import { isId, type SettingChangeId, type TenantId } from '../../lib/ids.ts';
import {
  type Change,
  type Decision,
  groupOf,
  may,
  partsOf,
  type SettingChange,
  type Staff,
} from '../../tenants/index.ts';
import { isGone, type MastheadDeps, mastheadOf, type Post, post, revise, said } from '../card/index.ts';
import type { SlackClient } from '../client.ts';
import { timesOf } from '../commands/list.ts';
import type { Action, Answer, Asked, Feature } from '../feature.ts';
import { plural } from '../format.ts';
import { modal, show } from '../lead/modals.ts';
import { directMessage } from '../reports/files.ts';
import { escapeMarkup } from '../text.ts';
import { type Button, buttons, section } from '../views.ts';
import type { SettingsDeps } from './deps.ts';
import { diffBlocks, diffText, hoursWords, plannedWords, shortDiff } from './diff-blocks.ts';
import { APPROVALS } from './overview.ts';

const ACTIONS: Readonly<Record<Decision, Button>> = {
  approve: { text: 'Approve', actionId: 'settings_approve', style: 'primary' },
  refuse: { text: 'Refuse', actionId: 'settings_refuse', style: 'danger' },
  withdraw: { text: 'Take back', actionId: 'settings_withdraw' },
};
const SHOW_ALL: Button = { text: 'Show all', actionId: 'settings_show_change' };
const REHEARSE: Button = { text: 'Rehearse first', actionId: 'settings_rehearse' };
/** What a follow-up is made of: a change of anything else shows nothing in a rehearsal. */
const REHEARSED: readonly string[] = ['cadence', 'templates', 'languages', 'hours', 'customers', 'routing'];
/** When all who could approve have left Slack. */
const NOBODY_ASKED: Post = said(
  'Nobody could be asked about your change of settings: the other managers and admins cannot be reached in Slack. Once somebody else is manager or admin (`/rescue people`), they find it in `/rescue approvals`.',
);
const DECISIONS: readonly Decision[] = ['approve', 'refuse', 'withdraw'];
const BECAME: Readonly<Record<SettingChange['state'], string>> = {
  draft: 'not asked for yet',
  waiting: 'waits for a second person',
  counted: 'approved',
  refused: 'refused',
  withdrawn: 'taken back',
  outdated: 'no longer fits: the settings have moved on. It has to be made again',
};

type ApprovalDeps = Pick<SettingsDeps, 'changes' | 'staff' | 'playbooks'>;

/** A change as it is shown to those who decide; without buttons once it is decided. `asked`: since when, in words, in a list of now. */
function changePost(
  deps: ApprovalDeps,
  row: SettingChange,
  people: readonly Staff[],
  decisions: readonly Decision[],
  asked = '',
): Post {
  const name = (id: string | null) => escapeMarkup(people.find((each) => each.id === id)?.name ?? 'Somebody');
  const asker = people.find((each) => each.id === row.askedBy);
  const who = asker ? `<@${asker.slackUserId}>` : 'Somebody';
  const by = row.decidedBy && row.decidedBy !== row.askedBy ? ` by ${name(row.decidedBy)}` : '';
  const waits = row.state === 'waiting';
  const shows = row.changes.some(({ path }) => REHEARSED.includes(groupOf(path).key));
  const { blocks, more } = shortDiff(row.changes, deps.playbooks.all);
  const offered = [
    ...(waits ? decisions.map((each) => ACTIONS[each]) : []),
    ...(waits && shows ? [REHEARSE] : []),
    ...(more ? [SHOW_ALL] : []),
  ];
  const head = waits
    ? `*${who} wants to change settings* and needs a second person${asked}.`
    : `*Change of settings by ${who}*: ${BECAME[row.state]}${by}.`;
  const counted = countedWords(row, asked !== '');
  return {
    text: [head, diffText(row.changes, deps.playbooks.all, 8), ...counted].join('\n'),
    blocks: [
      section(head),
      ...blocks,
      ...counted.map((each) => section(each)),
      ...buttons(...offered.map((each) => ({ ...each, value: row.id }))),
    ],
  };
}

/** What the change does to what is planned, and when that was counted. */
function countedWords({ state, touched, plan }: SettingChange, now: boolean): string[] {
  if (!touched || (state !== 'waiting' && state !== 'counted')) return [];
  const done = state === 'counted';
  const when = done ? 'Counted when it was approved' : now ? 'Counted just now' : 'Counted when it was asked for';
  const hours = hoursWords(touched);
  const planned = hours === '' || touched.running > 0 ? plannedWords(touched, plan ?? 'keep', done) : '';
  return [planned, hours].filter((each) => each !== '').map((each) => `${when}: ${each}`);
}

const mayDecide = (person: Staff, row: SettingChange): boolean =>
  person.id !== row.askedBy && may(person.role, 'settings.approve');

/**
 * Asks everybody who may decide, and once somebody has, shows it at every place where it was asked and tells whoever
 * asked. Posts are kept as they are made: tried again, nobody is asked twice.
 */
export function createApprovalHandler(
  deps: ApprovalDeps & MastheadDeps & { clientOf(tenantId: TenantId): Promise<SlackClient> },
): EffectHandler {
  async function ask(client: SlackClient, tenantId: TenantId, row: SettingChange, people: readonly Staff[]) {
    const asked = new Set(row.posts.map(({ staff }) => staff));
    const shown = {
      ...changePost(deps, row, people, ['approve', 'refuse']),
      masthead: await mastheadOf(deps, tenantId),
    };
    let reached = asked.size;
    for (const person of people.filter((each) => mayDecide(each, row) && !asked.has(each.id))) {
      try {
        const channel = await directMessage(client, person.slackUserId);
        const place = await post(client, channel, shown);
        reached++;
        await deps.changes.posted(tenantId, row.id, { staff: person.id, ...place });
      } catch (error) {
        if (!isGone(error)) throw error; // somebody who has left is not asked
      }
    }
    const asker = people.find((each) => each.id === row.askedBy);
    if (reached > 0 || !asker) return;
    await post(client, await directMessage(client, asker.slackUserId), NOBODY_ASKED).catch((error: unknown) => {
      if (!isGone(error)) throw error;
    });
  }

  async function tell(client: SlackClient, tenantId: TenantId, row: SettingChange, people: readonly Staff[]) {
    const shown = { ...changePost(deps, row, people, []), masthead: await mastheadOf(deps, tenantId) };
    for (const place of row.posts) {
      await revise(client, place, shown).catch((error: unknown) => {
        if (!isGone(error)) throw error;
      });
    }
    const asker = people.find((each) => each.id === row.askedBy);
    if (!asker || row.state === 'withdrawn') return;
    await post(client, await directMessage(client, asker.slackUserId), shown);
  }

  return async ({ tenantId, key }: Effect) => {
    const row = await deps.changes.find(tenantId, key as SettingChangeId);
    if (!row) return;
    const [client, people] = await Promise.all([deps.clientOf(tenantId), deps.staff.list(tenantId)]);
    if (row.state === 'waiting') await ask(client, tenantId, row, people);
    else await tell(client, tenantId, row, people);
  };
}

/** A message takes 50 blocks, a change twelve at most. */
const MOST_SHOWN = 4;

async function waitingList(deps: ApprovalDeps & Pick<SettingsDeps, 'clock'>, asked: Asked): Promise<Answer> {
  const rows = await deps.changes.waiting(asked.tenant.id);
  if (rows.length === 0) return { text: 'No change of settings waits for a second person.' };
  const people = await deps.staff.list(asked.tenant.id);
  const times = timesOf(asked, deps.clock.now());
  const posts = rows.slice(0, MOST_SHOWN).map((row) => {
    const own = row.askedBy === asked.staff.id;
    return changePost(
      deps,
      row,
      people,
      own ? ['withdraw'] : ['approve', 'refuse'],
      ` since ${times.full(row.askedAt)}`,
    );
  });
  const more = rows.length - posts.length;
  const foot = more > 0 ? [section(`And ${plural(more, 'more')}: decide on these first.`)] : [];
  return {
    text: posts.map(({ text }) => text).join('\n'),
    blocks: [...posts.flatMap(({ blocks }) => blocks), ...foot],
  };
}

/** The playbook that changes are about, and the language of a text, as words of a rehearsal. */
function aboutWhom(changes: readonly Change[]): string {
  const [about] = changes
    .map(({ path }) => partsOf(path))
    .filter(({ key }) => ['cadences', 'templates', 'firstChannels'].includes(key));
  const [playbook = '', , language = ''] = about?.parts ?? [];
  return `${playbook} ${language}`.trim();
}

/** `/rescue approvals`, and the buttons wherever a change is shown. */
export function approvalsFeature(deps: SettingsDeps): Feature {
  const changeId = (value: string): SettingChangeId => {
    if (isId(value)) return value as SettingChangeId;
    throw new KnownError('not_found', 'a button without a change', 'That change does not exist.');
  };
  const decide = (decision: Decision): Action => ({
    permission: decision === 'withdraw' ? 'settings.change' : 'settings.approve',
    async run(asked, value) {
      const row = await deps.changes.decide(asked.staff, changeId(value), decision);
      await asked.whisper({
        text: `The change is ${BECAME[row.state]}.${row.version ? ` It is version ${row.version} now.` : ''}`,
      });
    },
  });
  const showAll: Action = {
    permission: 'settings.see',
    async run(asked, value, place) {
      const row = await deps.changes.find(asked.tenant.id, changeId(value));
      const blocks = diffBlocks(row?.changes ?? [], deps.playbooks.all);
      await show(asked, place, modal({ id: SHOW_ALL.actionId, title: 'All of the change', blocks }));
    },
  };
  const rehearse: Action = {
    permission: 'settings.see',
    async run(asked, value) {
      const id = changeId(value);
      const [row, settings] = await Promise.all([
        deps.changes.find(asked.tenant.id, id),
        deps.changes.settingsWith(asked.tenant.id, id),
      ]);
      await asked.whisper(await deps.rehearse(asked, settings, aboutWhom(row?.changes ?? [])));
    },
  };
  const list = (asked: Asked) => waitingList(deps, asked);
  return {
    commands: [
      {
        name: '/rescue approvals',
        summary: 'Changes of settings that wait for a second person.',
        permission: 'settings.approve',
        run: list,
      },
    ],
    actions: {
      [APPROVALS]: { permission: 'settings.see', run: async (asked) => asked.whisper(await list(asked)) },
      [REHEARSE.actionId]: rehearse,
      [SHOW_ALL.actionId]: showAll,
      ...Object.fromEntries(DECISIONS.map((each) => [ACTIONS[each].actionId, decide(each)])),
    },
  };
}
