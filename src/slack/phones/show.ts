import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Effect, EffectHandler } from '../../events/index.ts';
import type { PhoneId } from '../../lib/ids.ts';
import type { PhoneBoard, ShownPhone } from '../../phones/index.ts';
import { type CardDeps, createOutlets, isGone, leaders, type Post, post, revise } from '../card/index.ts';
import type { SlackClient } from '../client.ts';
import { upload, whenKnown } from '../reports/files.ts';
import { section } from '../views.ts';
import { codePicture } from './picture.ts';
import { phoneWords } from './words.ts';

export interface PhoneShowDeps extends CardDeps {
  phones: PhoneBoard;
}

const anything = z.unknown();
/** States that people must hear of, wherever the last message stands by now. */
const NEWS = new Set(['lost', 'logged_out']);

/**
 * Shows a phone to whoever links it, in a direct message: the code as a picture, replaced when it changes, then what became of
 * it. What was lost later is said in a message of its own. Its place is kept; what is shown already is not shown again.
 */
export function createPhoneShow(deps: PhoneShowDeps): EffectHandler {
  const { phones, staff, log, clientOf } = deps;
  const outlets = createOutlets(deps);

  async function picture(client: SlackClient, code: string): Promise<string | null> {
    const bytes = await codePicture(code);
    const file = await upload(client, { name: 'link-a-phone.png', title: 'Scan with WhatsApp', bytes });
    return (await whenKnown(client, file)) ? file : null;
  }

  /** A code that is worth nothing any more need not lie about. */
  async function discard(client: SlackClient, file: string | null): Promise<void> {
    if (file === null) return;
    await client
      .call('files.delete', { file }, anything)
      .catch((error) => log.debug({ err: error }, 'an old code could not be deleted'));
  }

  function messageOf(phone: ShownPhone, file: string | null): Post {
    const words = phoneWords(phone);
    const image = {
      type: 'image',
      slack_file: { id: file },
      alt_text: 'A code to scan with WhatsApp on the phone that is to be linked',
    };
    const text = phone.state === 'linking' ? 'Link a phone: scan the code' : words;
    return { text, blocks: [section(words), ...(file === null ? [] : [image])] };
  }

  return async ({ tenantId, key }: Effect) => {
    const id = key as PhoneId;
    const phone = await phones.read(tenantId, id);
    if (!phone) return;
    const shown = fingerprint(phone);
    if (phone.place?.shown === shown) return;
    const client = await clientOf(tenantId);
    const file = phone.code === null ? null : await picture(client, phone.code);
    const message = messageOf(phone, file);
    const { place } = phone;
    if (place && !NEWS.has(phone.state)) {
      const gone = await revise(client, place, message).then(
        () => false,
        (error) => {
          if (!isGone(error)) throw error;
          return true;
        },
      );
      if (!gone) {
        await phones.keep(tenantId, id, { ...place, file, shown });
        await discard(client, place.file);
        return;
      }
    }
    const people = await staff.list(tenantId);
    const asked = people.filter((person) => person.id === phone.askedBy && person.role !== null);
    const channel = await outlets.directMessage(client, [...asked, ...leaders(people)]);
    if (channel === undefined) {
      log.warn({ tenant: tenantId, phone: id }, 'nobody is there to be told of a phone');
      return;
    }
    const posted = await post(client, channel, message);
    await phones.keep(tenantId, id, { ...posted, file, shown });
    await discard(client, place?.file ?? null);
  };
}

/** What is shown, without the code itself: it would let whoever reads it link themselves. */
const fingerprint = (phone: ShownPhone): string =>
  createHash('sha256')
    .update(JSON.stringify([phone.state, phone.reason, phone.number, phone.code, phone.use]))
    .digest('base64url');
