import type { EffectHandler } from '../../events/index.ts';
import { KnownError } from '../../lib/errors.ts';
import { isId, type PhoneId } from '../../lib/ids.ts';
import type { Phone, PhoneBook, PhoneUse } from '../../phones/index.ts';
import { may } from '../../tenants/index.ts';
import { actions, button } from '../card/index.ts';
import type { Answer, Asked, Feature } from '../feature.ts';
import { changedAnswer } from '../settings/direct.ts';
import { escapeMarkup } from '../text.ts';
import { type Button, buttons, section } from '../views.ts';
import { createPhoneShow, type PhoneShowDeps } from './show.ts';
import { NOT_USED, RISK } from './words.ts';

const ASK = 'phone_ask';
const LINK = 'phone_link';
const UNLINK = 'phone_unlink';
const USE = 'phone_use';

export interface PhoneFeature {
  feature: Feature;
  handlers: Record<'phone.show', EffectHandler>;
}

/** The button that begins to link a phone, for wherever senders are shown; for admins. */
export const LINK_PHONE: Button = { text: 'Link a phone', actionId: ASK, value: 'phone' };

/** Linked phones in Slack: linking by a picture, the list, unlinking. */
export function createPhoneFeature(deps: PhoneShowDeps & { phones: PhoneBook & PhoneUse }): PhoneFeature {
  const { phones, playbooks } = deps;

  const list = async (asked: Asked): Promise<Answer> => listAnswer(asked, await phones.list(asked.staff));

  async function unlink(asked: Asked, phone: Pick<Phone, 'id'>): Promise<Answer> {
    await phones.unlink(asked.staff, phone.id);
    return { text: 'The link is being ended; you are told when it is done.' };
  }

  return {
    feature: {
      commands: [
        { name: '/rescue phone', summary: 'The linked phones.', permission: 'channels.see', run: list },
        {
          name: '/rescue phone list',
          summary: 'The phones that are linked as WhatsApp Web, and how much they may send today.',
          permission: 'channels.see',
          run: list,
        },
        {
          name: '/rescue phone link',
          summary: 'Links a WhatsApp number without the Business API, by scanning a code.',
          permission: 'channels.change',
          run: async () => riskFirst(),
        },
        {
          name: '/rescue phone unlink',
          summary: 'Takes a phone’s link away.',
          usage: '+46701234567',
          permission: 'channels.change',
          async run(asked, text) {
            const digits = text.replace(/\D/g, '');
            const all = await phones.list(asked.staff);
            const phone = all.find(({ number }) => number === `+${digits}`) ?? (digits === '' ? only(all) : undefined);
            if (phone) return unlink(asked, phone);
            throw new KnownError(
              'not_found',
              'no such phone',
              'No phone with that number is linked: /rescue phone list',
            );
          },
        },
      ],
      actions: {
        [ASK]: { permission: 'channels.change', run: (asked) => asked.whisper(riskFirst()) },
        [LINK]: {
          permission: 'channels.change',
          async run(asked) {
            await phones.link(asked.staff);
            const text = 'The code comes to you as a direct message in a moment. Have the phone at hand.';
            await asked.whisper({ text, replace: true });
          },
        },
        [USE]: {
          permission: 'channels.change',
          async run(asked, value) {
            if (!isId(value)) return;
            const outcome = await phones.use(asked.staff, value as PhoneId);
            await asked.whisper({ ...changedAnswer(playbooks, outcome), replace: true });
          },
        },
        [UNLINK]: {
          permission: 'channels.change',
          async run(asked, value) {
            if (isId(value)) await asked.whisper({ ...(await unlink(asked, { id: value as PhoneId })), replace: true });
          },
        },
      },
    },
    handlers: { 'phone.show': createPhoneShow(deps) },
  };
}

const only = (phones: readonly Phone[]): Phone | undefined => (phones.length === 1 ? phones[0] : undefined);

function riskFirst(): Answer {
  const confirmed = button(LINK, 'I understand, link a phone', 'phone', { style: 'primary' });
  return { text: RISK, blocks: [section(RISK), ...actions([confirmed])] };
}

function listAnswer({ staff }: Asked, phones: readonly Phone[]): Answer {
  const mayChange = may(staff.role, 'channels.change');
  if (phones.length === 0) {
    const text = 'No phone is linked.';
    return { text, blocks: [section(text), ...(mayChange ? buttons(LINK_PHONE) : [])] };
  }
  const lines = phones.map((phone) => ({ phone, text: lineOf(phone) }));
  const confirm = {
    title: 'Unlink this phone?',
    text: 'No message leaves from it any more. What waits goes by your other senders, or waits for a new link.',
    yes: 'Unlink',
  };
  const use = (phone: Phone) =>
    mayChange && isLinked(phone) && phone.use === 'put_away' ? actions([button(USE, 'Use it', phone.id)]) : [];
  const unlink = (phone: Phone) =>
    phone.state === 'linking' ? button(UNLINK, 'Cancel', phone.id) : button(UNLINK, 'Unlink', phone.id, { confirm });
  return {
    text: lines.map(({ text }) => text).join('\n'),
    blocks: [
      ...lines.flatMap(({ phone, text }) => [section(text, mayChange ? unlink(phone) : undefined), ...use(phone)]),
      ...(mayChange ? buttons(LINK_PHONE) : []),
    ],
  };
}

const STATES: Partial<Record<Phone['state'], string>> = {
  linking: 'waits for its code to be scanned, which is in a direct message to whoever asked for it',
  linked: 'linked',
  lost: 'has lost its connection, which is tried again',
  logged_out: 'was unlinked on the phone: link it again',
};

const isLinked = ({ state }: Phone): boolean => state === 'linked' || state === 'lost';

function lineOf(phone: Phone): string {
  const { number, state, use, used, dailyLimit, waiting } = phone;
  const notUsed = isLinked(phone) && use !== 'used' ? `. ${NOT_USED[use]}` : '';
  const today =
    state === 'linked' && use === 'used' && dailyLimit !== null
      ? `, ${used} of at most ${dailyLimit} messages sent today`
      : '';
  const held =
    state === 'logged_out' && waiting > 0 ? `; ${waiting} ${waiting === 1 ? 'message waits' : 'messages wait'}` : '';
  return `*WhatsApp ${escapeMarkup(number ?? '(new)')}*: ${STATES[state] ?? state}${today}${held}${notUsed}`;
}
