import { Duration } from 'luxon';
import type { z } from 'zod';
import type { Clock } from '../../lib/clock.ts';
import { isKnown, KnownError } from '../../lib/errors.ts';
import { CutShort, type SandboxClock } from '../clock.ts';
import type { StandIns } from '../demo.ts';
import type { Guests } from '../guests.ts';
import type { Mischief } from '../mischief.ts';
import type { Act, ActAnswer, Scene, TextChannel } from '../wire.ts';
import { act as schema } from './schema.ts';
import { actInSlack } from './slack.ts';

/*
 * What people do at the page. Everything reaches the product through the stand-ins' wire protocols; it cannot tell.
 */

export interface ActDeps {
  clock: Clock;
  turner: SandboxClock;
  standIns: StandIns;
  mischief: Mischief;
  guests: Guests;
  scene: Pick<Scene, 'commands'>;
  /** Wipes everything and begins anew; absent where that must not be done. Returns at once. */
  reset?: (() => void) | undefined;
}

type PhoneChannel = Exclude<TextChannel, 'email'>;

/** An act could not be done; the message is for people. */
export class Impossible extends Error {}

/** Longest turn of the clock, as at `POST /sandbox/clock`. */
const MAX_TURN = Duration.fromObject({ days: 400 });

/** Does what the page asks. @throws Impossible with words for people */
export async function perform(deps: ActDeps, sent: unknown): Promise<ActAnswer> {
  const parsed = schema.safeParse(sent);
  if (!parsed.success) throw new Impossible(inWords(parsed.error));
  try {
    return await doAct(deps, parsed.data);
  } catch (error) {
    if (isKnown(error)) throw new Impossible(error.userMessage);
    // the stand-ins say in plain errors what a person cannot do; anything else is a mistake of ours
    if (error instanceof Error && error.constructor === Error) throw new Impossible(error.message);
    throw error;
  }
}

async function doAct(deps: ActDeps, act: Act): Promise<ActAnswer> {
  switch (act.act) {
    case 'write':
      if (act.channel === 'email') await writeLetter(deps, act);
      else await write(deps, act.number, act.channel, act.body);
      return {};
    case 'read':
      await read(deps, act.text);
      return {};
    case 'phone_scan':
    case 'phone_log_out':
    case 'phone_write':
      onPhone(deps, act);
      return {};
    case 'customer':
      deps.guests.add(act.number, act.name);
      return {};
    case 'turn':
      await turn(deps, act.to).catch((error) => {
        if (!(error instanceof CutShort)) throw error; // whoever cut it short knows
      });
      return {};
    case 'mischief':
      await deps.mischief.set(act.kind, act.on);
      return {};
    case 'number':
      deps.mischief.setFor(act.number, act.kind, act.on);
      return {};
    case 'reset':
      if (!deps.reset) throw impossible('Only a demo with its own database and stand-ins can be wiped.');
      deps.reset();
      return {};
    default: {
      const slack = deps.standIns.slack?.standIn;
      if (!slack) throw impossible('Slack is the real one here: do it there.');
      return actInSlack(slack, deps.scene, act);
    }
  }
}

async function write({ standIns, guests }: ActDeps, number: string, channel: PhoneChannel, body: string) {
  const { twilio } = standIns;
  if (!twilio) throw impossible('Twilio is the real one here: use a phone.');
  const to = channel === 'sms' ? twilio.config.smsFrom : twilio.config.whatsappFrom;
  if (!to) throw impossible('The business has no sender on this channel.');
  const phone = linkedPhone(standIns);
  if (channel === 'whatsapp' && phone) {
    phone.standIn.customerWrites({ from: number, to: phone.number, body });
    return;
  }
  const profileName = guests.names.get(number);
  await twilio.standIn.customerSends({ from: number, to, channel, body, ...(profileName && { profileName }) });
}

async function writeLetter({ standIns }: ActDeps, act: Extract<Act, { act: 'write' }>) {
  const mail = standIns.mail?.standIn;
  if (!mail) throw impossible('The mail server is a real one here, or there is none: use a mail program.');
  const from = act.mailbox ?? act.number;
  if (!from.includes('@')) throw impossible('The business knows no e-mail address of this customer.');
  const answers = mail.letters.find((letter) => letter.id === act.answers);
  const subject = answers ? {} : { subject: act.body.split(/[.!?\n]/)[0]?.slice(0, 60) ?? '' };
  await mail.customerWrites({ from, text: act.body, ...subject, ...(answers && { answers }) });
}

/** While a phone of the business is linked, customers know the business by its number. */
function linkedPhone({ phones }: StandIns) {
  return phones?.standIn.linked.includes(phones.number) ? phones : undefined;
}

type PhoneAct = Extract<Act, { act: 'phone_scan' | 'phone_log_out' | 'phone_write' }>;

function onPhone({ standIns }: ActDeps, act: PhoneAct): void {
  const { phones } = standIns;
  if (!phones) throw impossible('WhatsApp is the real one here: use the phone itself.');
  const { standIn, number } = phones;
  if (act.act === 'phone_scan') {
    standIn.scan(number, act.code);
    return;
  }
  if (!standIn.linked.includes(number)) throw impossible('The phone is not linked.');
  if (act.act === 'phone_log_out') standIn.throwOut(number, act.device);
  else standIn.typeOnPhone(number, act.number, act.body);
}

async function read({ standIns }: ActDeps, sid: string) {
  const byPhone = standIns.phones?.standIn;
  if (byPhone?.messages.some((each) => each.id === sid)) {
    byPhone.read(sid);
    return;
  }
  const message = standIns.twilio?.standIn.journal.sent.find((each) => each.sid === sid);
  if (!message) throw impossible('That message is gone.');
  if (message.channel !== 'whatsapp') throw impossible('Nobody is told that an SMS was read.');
  if (message.status === 'delivered') await standIns.twilio?.standIn.markRead(sid);
}

async function turn({ clock, turner }: ActDeps, to: Extract<Act, { act: 'turn' }>['to']): Promise<unknown> {
  if (to === 'real') return turner.reset();
  if (to === 'next') return turner.next();
  const longest = MAX_TURN.toMillis();
  if ('advance' in to) {
    const duration = Duration.fromISO(to.advance);
    if (!duration.isValid || !(duration.toMillis() >= 0 && duration.toMillis() <= longest)) {
      throw impossible('Turn the clock by up to 400 days, written like P2D or PT1H.');
    }
    return turner.advance(to.advance, 'patient');
  }
  const target = new Date(to.until);
  if (target < clock.now()) throw impossible('That time has passed. Go back to real time first.');
  if (target.getTime() - clock.now().getTime() > longest) throw impossible('Turn the clock by up to 400 days.');
  return turner.until(target);
}

/** The problems of what was sent, in a sentence each. */
function inWords({ issues }: z.ZodError): string {
  const [first = 'That is no act.', ...others] = issues.map(({ message }) => message);
  return [first.slice(0, 1).toUpperCase() + first.slice(1), ...others].join('; ');
}

const impossible = (words: string) => new KnownError('conflict', 'impossible at the page', words);
