import type { AppAnswer, AppClient } from './app-client.ts';
import { FORM } from './app-client.ts';
import type { Desk } from './desk.ts';
import { fileToWire } from './files.ts';
import type { Channel, JsonObject, OpenView, SlackMessage, StandInUser, UploadInput } from './types.ts';

/** What happened when a person acted. */
export interface Acted extends AppAnswer {
  /** The trigger the app got with it. */
  triggerId: string;
  /** What the app's answer itself showed: text or blocks after a slash command. */
  shown: SlackMessage | null;
  /** Waits for the modal opened (or pushed) with this action's trigger. */
  modal(): Promise<OpenView>;
}

/** What all acts stand on: the desk, the line to the app, and the people. */
export interface Stage {
  readonly desk: Desk;
  readonly app: AppClient;
  /** @throws Error when there is no such person */
  person(userId: string): StandInUser;
  /** The id of the person with this id, handle (`@sofia`) or name. @throws Error when there is none */
  personNamed(name: string): string;
  /** By id, name, or `dm` for the person's direct message with the bot. @throws Error when there is none */
  channel(reference: string, userId: string): Channel;
  /** The channel people act in when none is named: #general for its members, else the direct message. */
  usualChannel(userId: string): Channel;
  responseUrl(kind: 'commands' | 'actions', userId: string, channelId: string, original?: SlackMessage): string;
  /** Uploads as a person and describes the file as payloads do. */
  upload(userId: string, file: UploadInput): JsonObject;
  /** Sends `payload=` as a form, as all interactivity comes. */
  interact(payload: JsonObject): Promise<AppAnswer>;
  acted(answer: AppAnswer, triggerId: string, userId: string, shown?: SlackMessage | null): Acted;
  waitFor<T>(look: () => T | null | undefined | false, what: string, withinMs?: number): Promise<T>;
}

/** Violations that an error names. */
const MOST_TOLD = 5;

export function createStage(desk: Desk, app: AppClient): Stage {
  const { workspace } = desk;

  function waitFor<T>(look: () => T | null | undefined | false, what: string, withinMs = 15_000): Promise<T> {
    return new Promise((resolve, reject) => {
      let done: () => void = () => undefined;
      const attempt = () => {
        const seen = look();
        if (seen instanceof Promise)
          throw new TypeError(`${what}: only what can be seen at once can be waited for here`);
        if (seen === null || seen === undefined || seen === false) return;
        done();
        resolve(seen);
      };
      const unsubscribe = workspace.subscribe(attempt);
      const timer = setTimeout(() => {
        done();
        const { length } = workspace.violations;
        const some = workspace.violations.slice(0, MOST_TOLD).map((v) => `${v.where} ${v.code} ${v.detail}`);
        const known = length > MOST_TOLD ? [...some, `${length} in all`] : some;
        reject(new Error(`waited ${withinMs} ms for ${what}; violations: ${known.join('; ') || 'none'}`));
      }, withinMs);
      done = () => {
        unsubscribe();
        clearTimeout(timer);
      };
      attempt();
    });
  }

  function channel(reference: string, userId: string): Channel {
    const found = reference === 'dm' ? workspace.directMessage(userId) : workspace.channelFor(reference);
    if (found === undefined) throw new Error(`no channel ${reference}`);
    return found;
  }

  return {
    desk,
    app,
    person(userId) {
      const user = workspace.users.get(userId);
      if (user === undefined) throw new Error(`no person ${userId} in the workspace`);
      return user;
    },
    personNamed(name) {
      const wanted = name.replace(/^@/, '').toLowerCase();
      const known = [...workspace.users.values()];
      const found = known.find((user) => [user.id, user.name, user.realName].some((n) => n.toLowerCase() === wanted));
      if (found === undefined) throw new Error(`no person ${name} in the workspace`);
      return found.id;
    },
    channel,
    usualChannel(userId) {
      const general = workspace.channelFor('general');
      return general?.members.has(userId) === true ? general : workspace.directMessage(userId);
    },
    responseUrl(kind, userId, channelId, message) {
      const original =
        message === undefined ? undefined : { ts: message.ts, ephemeral: message.ephemeral_to !== undefined };
      return `${desk.origin()}/hooks${desk.tickets.mintReply(kind, { userId, channelId, original })}`;
    },
    upload(userId, file) {
      const stored = desk.files.add(userId, file);
      return fileToWire(stored, workspace.team.id, desk.origin(), desk.mischief.filesNeedInfo);
    },
    interact(payload) {
      const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
      return app.deliver(String(payload.type), body, FORM);
    },
    acted(answer, triggerId, userId, shown = null) {
      const modal = () =>
        waitFor(() => desk.views.stack(userId).find((open) => open.triggerId === triggerId), `a modal for ${userId}`);
      return { ...answer, triggerId, shown, modal };
    },
    waitFor,
  };
}

/** Whether Slack takes the answer: 2xx within three seconds. */
export function acknowledged(answer: AppAnswer): boolean {
  return answer.status >= 200 && answer.status <= 299 && !answer.late;
}
