import { z } from 'zod';
import { isKnown, KnownError } from '../lib/errors.ts';
import type { TenantId } from '../lib/ids.ts';
import type { Logger } from '../lib/logger.ts';
import { demand } from '../tenants/index.ts';
import type { Background } from './background.ts';
import { translate } from './errors.ts';
import type { ActionPlace, Answer, Asked, Command, ShortcutMessage, Submitted } from './feature.ts';
import type { Identity, Scope, Who } from './identity.ts';
import type { ActionSent, CommandSent, HomeOpened, ShortcutSent, SubmissionSent } from './payloads.ts';
import { teamOf, type ViewBlocks } from './payloads.ts';
import { type Registry, type Resolved, resolve } from './registry.ts';
import { richWords } from './rich-words.ts';
import { readStamp, stamped, stampingClient } from './stamp.ts';
import { clip, escapeMarkup, typedWords } from './text.ts';
import { actionValue, formValues } from './values.ts';
import { noticeView } from './views.ts';
import type { Workspaces } from './workspaces.ts';

/** Sends a message to the response URL of a request. */
export type Respond = (message: object) => Promise<unknown>;

/**
 * Finds the entry for what somebody did, works out who they are, checks the permission, runs it, and turns every error
 * into words at the place where it happened. None of these ever throws.
 */
export interface Dispatch {
  /** Gives what the person is shown. */
  command(sent: CommandSent, respond: Respond): Promise<Answer | undefined>;
  action(sent: ActionSent, respond: Respond | undefined): Promise<void>;
  /** Gives the body of the acknowledgement; undefined closes the modal. */
  submit(sent: SubmissionSent): Promise<object | undefined>;
  shortcut(sent: ShortcutSent, respond: Respond | undefined): Promise<void>;
  /** Somebody opened App Home. */
  home(sent: HomeOpened): Promise<void>;
}

export interface DispatchDeps {
  registry: Registry;
  identity: Identity;
  workspaces: Pick<Workspaces, 'of'>;
  /** Which of a workspace's tenants a thread is about; undefined for a thread that is about no lead. */
  tenantOfThread(teamId: string, channel: string, ts: string): Promise<TenantId | undefined>;
  background: Background;
  log: Logger;
}

/** Where a request came from, as far as it decides how to answer. */
interface Place {
  triggerId: string | undefined;
  channelId: string | undefined;
  threadTs?: string | undefined;
  teamId: string;
  userId: string;
  respond: Respond | undefined;
}

const anything = z.object({});

/** How a whispered answer travels. */
export function ephemeral(answer: Answer, threadTs?: string): object {
  const { replace, ...shown } = answer;
  return {
    response_type: 'ephemeral',
    replace_original: replace === true,
    ...(threadTs && { thread_ts: threadTs }),
    ...shown,
  };
}

export function createDispatch(deps: DispatchDeps): Dispatch {
  const { registry, identity, workspaces, background, log } = deps;

  /** By the response URL, which works wherever the person is; else by direct message. */
  async function whisper(place: Place, answer: Answer): Promise<void> {
    if (place.respond) {
      try {
        await place.respond(ephemeral(answer, place.threadTs));
        return;
      } catch (error) {
        log.info({ err: error }, 'the response URL is used up, so the answer goes by direct message');
      }
    }
    const { replace: _replace, ...shown } = answer;
    const { client } = await workspaces.of(place.teamId);
    await client.call('chat.postMessage', { channel: place.userId, ...shown }, anything);
  }

  function asked(who: Who, place: Place, founded: boolean): Asked {
    const { tenant, staff, locale, client } = who;
    const personal = log.child({ tenant: tenant.id, staff: staff.id });
    return {
      tenant,
      staff,
      locale,
      slack: stampingClient(tenant, client),
      log: personal,
      triggerId: place.triggerId ?? null,
      channelId: place.channelId ?? null,
      ...(founded && { founded }),
      whisper: (answer) => whisper(place, stamped(tenant, answer)),
      afterwards: (work) =>
        background.run('after an answer', () => work().catch((error) => tell(place, error, 'afterwards'))),
    };
  }

  async function tell(place: Place, error: unknown, what: string): Promise<void> {
    await whisper(place, { text: escapeMarkup(translate(error, log, what)) });
  }

  async function runCommand(sent: CommandSent, place: Place): Promise<Answer | undefined> {
    const text = typedWords(sent.text).trim();
    const resolved = resolve(registry.commands, sent.command, text);
    let who = await identity.who(sent.team_id, sent.user_id);
    let founded = false;
    if (registry.commands.get(sent.command)?.founds) ({ who, founded } = await identity.found(who));
    if (resolved.kind !== 'found') return { text: notFound(resolved, sent.command) };
    permit(who, resolved.command);
    const answer = await resolved.command.run(asked(who, place, founded), resolved.rest);
    return answer && stamped(who.tenant, answer);
  }

  async function runAction(sent: ActionSent, place: Place): Promise<void> {
    const [action] = sent.actions;
    const { id, to } = readStamp(action?.action_id ?? '');
    const entry = registry.actions.get(id);
    if (!action || (!entry && typeof action.url === 'string')) return; // a link: the browser has opened it
    if (!entry) throw outdated();
    const who = await identity.who(place.teamId, sent.user.id, { kind: 'belongs', to });
    demand(who.staff, entry.permission);
    const where: ActionPlace = {
      messageTs: sent.container?.message_ts ?? null,
      threadTs: sent.container?.thread_ts ?? null,
      viewId: isModal(sent) ? (sent.view?.id ?? null) : null,
      viewHash: isModal(sent) ? (sent.view?.hash ?? null) : null,
      home: sent.view?.type === 'home',
      metadata: sent.view?.private_metadata ?? '',
      values: formValues(sent.view?.state?.values ?? sent.state?.values ?? {}),
    };
    const asking = asked(who, place, false);
    await entry.run(asking, actionValue(action), where);
    acted(asking);
  }

  /** What App Home shows may be old now; nobody waits for that. */
  function acted(asking: Asked): void {
    const { home } = registry;
    if (home) background.run('App Home after an action', () => home.acted(asking));
  }

  /** Behind a modal nobody sees a message, so what went wrong stands on top; where that cannot be, a message it is. */
  async function tellInModal(place: Place, error: unknown, what: string): Promise<void> {
    const text = escapeMarkup(translate(error, log, what));
    try {
      const view = noticeView('LeadRescue', text);
      const { client } = await workspaces.of(place.teamId);
      await client.call('views.push', { trigger_id: place.triggerId, view }, anything);
    } catch (failure) {
      log.info({ err: failure, what }, 'no modal on top, so a direct message');
      await whisper(place, { text });
    }
  }

  async function runSubmit(sent: SubmissionSent, place: Place): Promise<Submitted> {
    const { id, to } = readStamp(sent.view.callback_id);
    const entry = registry.modals.get(id);
    if (!entry) throw outdated();
    const who = await identity.who(place.teamId, sent.user.id, { kind: 'belongs', to });
    demand(who.staff, entry.permission);
    const values = formValues(sent.view.state?.values ?? {});
    const asking = asked(who, place, false);
    const submitted = await entry.submit(asking, values, sent.view.private_metadata, sent.view.id);
    if (submitted.kind === 'close') acted(asking);
    return stamped(who.tenant, submitted);
  }

  async function runShortcut(sent: ShortcutSent, place: Place): Promise<void> {
    const message = messageOf(sent);
    const [global, own] = [registry.shortcuts, registry.messageShortcuts];
    const entry = message ? own.get(sent.callback_id) : global.get(sent.callback_id);
    if (!entry) throw outdated();
    const who = await identity.who(place.teamId, sent.user.id, await scopeOf(message, place.teamId));
    demand(who.staff, entry.permission);
    const asking = asked(who, place, false);
    if (message) await own.get(sent.callback_id)?.run(asking, message);
    else await global.get(sent.callback_id)?.run(asking);
  }

  /** A message in a lead's thread belongs to the lead's business. */
  async function scopeOf(message: ShortcutMessage | undefined, teamId: string): Promise<Scope> {
    const to = message && (await deps.tenantOfThread(teamId, message.channelId, message.threadTs));
    return to ? { kind: 'belongs', to } : { kind: 'chosen' };
  }

  return {
    async command(sent, respond) {
      const place = {
        triggerId: sent.trigger_id,
        channelId: sent.channel_id,
        teamId: sent.team_id,
        userId: sent.user_id,
        respond,
      };
      try {
        return await runCommand(sent, place);
      } catch (error) {
        return { text: escapeMarkup(translate(error, log, sent.command)) };
      }
    },
    async action(sent, respond) {
      const place: Place = {
        triggerId: sent.trigger_id,
        channelId: sent.channel?.id ?? sent.container?.channel_id,
        threadTs: sent.container?.thread_ts,
        teamId: teamOf(sent),
        userId: sent.user.id,
        respond,
      };
      const what = `action ${sent.actions[0]?.action_id ?? ''}`;
      try {
        await runAction(sent, place);
      } catch (error) {
        const told = isModal(sent) ? tellInModal(place, error, what) : tell(place, error, what);
        await told.catch((failure) => log.warn({ err: failure, what }, 'an error could not be told'));
      }
    },
    async submit(sent) {
      const teamId = sent.view.app_installed_team_id ?? teamOf(sent);
      const place = {
        triggerId: sent.trigger_id,
        channelId: undefined,
        teamId,
        userId: sent.user.id,
        respond: undefined,
      };
      try {
        return acknowledgement(await runSubmit(sent, place));
      } catch (error) {
        const errors = atTheirFields(error, sent.view.blocks);
        if (errors) return acknowledgement({ kind: 'errors', errors });
        const view = noticeView('LeadRescue', escapeMarkup(translate(error, log, `modal ${sent.view.callback_id}`)));
        return acknowledgement({ kind: 'push', view });
      }
    },
    async shortcut(sent, respond) {
      const place: Place = {
        triggerId: sent.trigger_id,
        channelId: sent.channel?.id,
        threadTs: sent.message?.thread_ts,
        teamId: teamOf(sent),
        userId: sent.user.id,
        respond,
      };
      const what = `shortcut ${sent.callback_id}`;
      try {
        await runShortcut(sent, place);
      } catch (error) {
        await tell(place, error, what).catch((failure) =>
          log.warn({ err: failure, what }, 'an error could not be told'),
        );
      }
    },
    async home({ team_id: teamId, event }) {
      if (event.tab !== 'home' || !registry.home) return;
      const place = { triggerId: undefined, channelId: undefined, teamId, userId: event.user, respond: undefined };
      try {
        const who = await identity.who(teamId, event.user);
        await registry.home.opened(asked(who, place, false));
      } catch (error) {
        translate(error, log, 'App Home'); // opening a page is no question, so nobody is told
      }
    },
  };
}

const isModal = (sent: ActionSent) => sent.view !== undefined && sent.view.type !== 'home';

/** The message of a message shortcut; none for a global one. */
function messageOf({ type, message, channel }: ShortcutSent): ShortcutMessage | undefined {
  if (type !== 'message_action' || !message || !channel) return undefined;
  const { ts, thread_ts: threadTs = ts, text, blocks, bot_id: botId } = message;
  return {
    channelId: channel.id,
    ts,
    threadTs,
    words: richWords(blocks) ?? typedWords(text),
    byApp: botId !== undefined,
  };
}

function notFound(resolved: Exclude<Resolved, { kind: 'found' }>, command: string): string {
  if (resolved.kind === 'unknown')
    return `LeadRescue has no \`${escapeMarkup(command)}\`. \`/rescue help\` lists what it has.`;
  const { name, word, nearest } = resolved;
  const hint = nearest ? ` Did you mean \`${nearest}\`?` : '';
  return `There is no \`${name} ${escapeMarkup(clip(word, 60))}\`.${hint} \`/rescue help\` lists everything.`;
}

function outdated(): KnownError {
  const message = 'This button or window is from an older version. Find the lead again with /lead.';
  return new KnownError('not_found', 'no such entry', message);
}

function permit(who: Who, command: Command): void {
  if (command.permission !== 'anybody') demand(who.staff, command.permission);
}

/** Each problem at the input it names, or at the first one; undefined when this is no validation error. */
function atTheirFields(error: unknown, blocks: ViewBlocks): Record<string, string> | undefined {
  if (!isKnown(error) || error.problems.length === 0) return undefined;
  // Slack takes errors for inputs alone, not for what else has a value
  const inputs = blocks.flatMap(({ type, block_id: id }) => (type === 'input' && id ? [id] : []));
  const [first] = inputs;
  if (first === undefined) return undefined;
  const errors: Record<string, string> = {};
  for (const { field, message } of error.problems) {
    const at = inputs.includes(field) ? field : first;
    errors[at] = errors[at] ? `${errors[at]} ${message}` : message;
  }
  return errors;
}

function acknowledgement(submitted: Submitted): object | undefined {
  switch (submitted.kind) {
    case 'close':
      return undefined;
    case 'errors':
      return { response_action: 'errors', errors: submitted.errors };
    case 'update':
    case 'push':
      return { response_action: submitted.kind, view: submitted.view };
  }
}
