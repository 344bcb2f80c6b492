import type { AppAnswer, OpenView, SlackMessage, SlackStandIn } from '../slack/index.ts';
import type { Act, ActAnswer, Entry, Place, Scene, Upload } from '../wire.ts';

/** What people do in Slack. */
export type SlackAct = Extract<Act, { user: string }>;

const GONE = 'That message is gone.';

type FieldValue = Parameters<SlackStandIn['select']>[3];

/** Does it through the stand-in, as a person would. Throws `Error` in words when it cannot be done. */
export async function actInSlack(
  slack: SlackStandIn,
  scene: Pick<Scene, 'commands'>,
  act: SlackAct,
): Promise<ActAnswer> {
  const { user } = act;
  switch (act.act) {
    case 'slash': {
      const known = scene.commands.some(({ name }) => name.split(' ')[0] === act.command);
      if (!known) return { trouble: `\`${act.command}\` is not a valid command.` };
      const acted = await slack.slash(user, act.command, act.text, { channel: act.channel });
      return troubleOf(acted, (why) => `${act.command} failed with the error "${why}"`);
    }
    case 'shortcut':
      return troubleOf(await slack.shortcut(user, act.callbackId), connecting);
    case 'message_shortcut': {
      const message = slack.message(act.channel, act.ts);
      if (!message) throw new Error(GONE);
      return troubleOf(await slack.messageShortcut(user, act.callbackId, message), connecting);
    }
    case 'say': {
      const { thread, files } = act;
      const options = { ...(thread !== undefined && { thread }), ...(files && { files: files.map(fileOf) }) };
      await slack.say(user, act.channel, act.text, options);
      return {};
    }
    case 'press': {
      const { actionId, text, value } = act;
      const wanted = { actionId, ...(text !== undefined && { text }), ...(value !== undefined && { value }) };
      return troubleOf(await slack.click(user, placeOf(slack, user, act.place), wanted), connecting);
    }
    case 'choose': {
      const acted = await slack.select(user, placeOf(slack, user, act.place), act.actionId, entered(act.value));
      return acted ? troubleOf(acted, connecting) : {};
    }
    case 'suggest': {
      const options = await slack.suggest(user, placeOf(slack, user, act.place), act.actionId, act.typed);
      return { options: options.map(({ text, value }) => ({ text: text.text, value })) };
    }
    case 'submit': {
      const values = Object.fromEntries(Object.entries(act.values).map(([name, value]) => [name, entered(value)]));
      const { trouble } = await slack.submit(user, openView(slack, user, act.view), values);
      return trouble ? { trouble: connecting() } : {};
    }
    case 'close':
      await slack.closeView(user, { everything: act.everything === true });
      return {};
    case 'home':
      await slack.openHome(user);
      return {};
    case 'invite':
      await slack.invite(user, act.channel);
      return {};
  }
}

/** What Slack writes under a form or beside a button when the app did not answer well. */
const connecting = () => 'We had some trouble connecting. Try again?';

/** Slack's words for an app that was late, refused or could not be reached. */
function troubleOf({ status, late }: AppAnswer, words: (why: string) => string): ActAnswer {
  if (late) return { trouble: words('operation_timeout') };
  if (status === 0) return { trouble: words('dispatch_failed') };
  return status >= 200 && status <= 299 ? {} : { trouble: words('http_service_error') };
}

function placeOf(slack: SlackStandIn, user: string, place: Place): { message: SlackMessage } | { view: OpenView } {
  if ('view' in place) return { view: openView(slack, user, place.view) };
  const { channel, ts, whisperTo } = place.message;
  const message =
    whisperTo === undefined
      ? slack.message(channel, ts)
      : slack.ephemerals(whisperTo).find((whisper) => whisper.ts === ts && whisperTo === user);
  if (!message) throw new Error(GONE);
  return { message };
}

function openView(slack: SlackStandIn, user: string, id: string): OpenView {
  const found = [...slack.stack(user), slack.home(user)].find((open) => open?.view.id === id);
  if (!found) throw new Error('That window is closed.');
  return found;
}

function fileOf({ name, mimetype, bytes }: Upload) {
  return { name, mimetype, bytes: Buffer.from(bytes, 'base64') };
}

function entered(value: Entry): FieldValue {
  if (!Array.isArray(value)) return value;
  return value.map((each) => (typeof each === 'string' ? each : fileOf(each)));
}
