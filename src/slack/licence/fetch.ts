import { z } from 'zod';
import type { Database } from '../../db/index.ts';
import type { Effect } from '../../events/index.ts';
import { findLead } from '../../leads/index.ts';
import { isKnown } from '../../lib/errors.ts';
import type { LeadId, TenantId } from '../../lib/ids.ts';
import type { Logger } from '../../lib/logger.ts';
import { MAX_PHOTO_BYTES, type Vault } from '../../privacy/index.ts';
import { type SlackClient, SlackRefusal } from '../client.ts';
import { escapeMarkup } from '../text.ts';
import { buttons, section } from '../views.ts';
import { storedPhoto } from './store.ts';

/** Stands for a photo that is still to come, by a one-time link. */
export const BY_LINK = '';

export interface LicenceDeps {
  db: Database;
  vault: Vault;
  publicUrl: string;
  log: Logger;
  client(tenantId: TenantId): Promise<SlackClient>;
}

/** Who added which file; the outbox holds ids only. */
export const photoRef = z.object({ fileId: z.string(), userId: z.string() });

const fileInfo = z.object({
  file: z.object({
    size: z.number().default(0),
    url_private_download: z.string().optional(),
    url_private: z.string().optional(),
  }),
});

/** Brings a lead's licence photo into the vault; where the tenant wants a link, sends that instead. Never to disk. */
export async function fetchLicence(deps: LicenceDeps, { tenantId, key, data }: Effect): Promise<void> {
  const leadId = key as LeadId;
  const { fileId, userId } = photoRef.parse(data);
  const slack = await deps.client(tenantId);
  if (fileId === BY_LINK) return sendLink(deps, slack, tenantId, leadId, userId);
  try {
    const { file } = await slack.call('files.info', { file: fileId }, fileInfo);
    const { bytes, mime } = await slack.download(file.url_private_download ?? file.url_private ?? '', MAX_PHOTO_BYTES);
    await deps.vault.store(tenantId, leadId, {
      bytes,
      mime,
      by: 'slack',
      original: 'present',
      effects: [{ kind: 'licence.clear', key: fileId, data: { leadId, fileId, userId } }],
    });
  } catch (error) {
    const why = reasonToGiveUp(error);
    if (!why) throw error;
    // tried again after a crash: the photo is here, and its original was cleared meanwhile
    if (isGone(error) && (await deps.db.inTenant(tenantId, (tx) => storedPhoto(tx, leadId)))) return;
    deps.log.info({ err: error, tenant: tenantId, lead: leadId }, 'a licence photo could not be kept');
    await say(deps, slack, tenantId, leadId, userId, (name) => `The licence photo for ${name} was not kept: ${why}`);
  }
}

/** Why trying again would not help, in words; undefined when it may. */
function reasonToGiveUp(error: unknown): string | undefined {
  if (isKnown(error) && error.code === 'validation_error') return error.userMessage;
  return isGone(error) ? 'it was deleted in Slack before it could be fetched.' : undefined;
}

/** Slack has no such file any more. */
export const isGone = (error: unknown) =>
  error instanceof SlackRefusal && (error.code === 'file_not_found' || error.code === 'file_deleted');

async function sendLink(deps: LicenceDeps, slack: SlackClient, tenantId: TenantId, leadId: LeadId, userId: string) {
  const token = await deps.vault.createUploadLink(tenantId, leadId);
  const url = `${deps.publicUrl}/u/${token}`;
  const words = (name: string) =>
    `Photograph the licence of ${name} with your phone: the link takes one photo and works for 24 hours.`;
  const button = buttons({ text: 'Add the photo', actionId: 'licence_upload', url, style: 'primary' });
  await say(deps, slack, tenantId, leadId, userId, words, button);
}

async function say(
  deps: LicenceDeps,
  slack: SlackClient,
  tenantId: TenantId,
  leadId: LeadId,
  userId: string,
  words: (name: string) => string,
  more: object[] = [],
): Promise<void> {
  const lead = await deps.db.inTenant(tenantId, (tx) => findLead(tx, leadId));
  const text = words(escapeMarkup(lead?.name ?? 'your customer'));
  await slack.call('chat.postMessage', { channel: userId, text, blocks: [section(text), ...more] }, z.object({}));
}
