import { z } from 'zod';
import type { Effect } from '../../events/index.ts';
import type { LeadId, TenantId } from '../../lib/ids.ts';
import { type SlackClient, SlackRefusal } from '../client.ts';
import { isGone, type LicenceDeps, photoRef } from './fetch.ts';
import { storedPhoto } from './store.ts';

const clearRef = photoRef.extend({ leadId: z.string() });
const permalink = z.object({ file: z.object({ permalink: z.url().optional() }) });

/** What became of the original. */
type Outcome = 'deleted' | 'asked';

/** Gets rid of a photo's original in Slack once the vault has it: deletes it, or asks whoever added it. */
export async function clearLicence(deps: LicenceDeps, { tenantId, data }: Effect): Promise<void> {
  const { fileId, userId, leadId } = clearRef.parse(data);
  const slack = await deps.client(tenantId);
  const outcome = await remove(slack, fileId, userId);
  await record(deps, tenantId, leadId as LeadId, outcome);
}

async function remove(slack: SlackClient, fileId: string, userId: string): Promise<Outcome> {
  try {
    await slack.call('files.delete', { file: fileId }, z.object({}));
    return 'deleted';
  } catch (error) {
    if (!(error instanceof SlackRefusal)) throw error;
    if (isGone(error)) return 'deleted';
    // a bot may not delete what a person uploaded, unless the workspace allows it
    return ask(slack, fileId, userId);
  }
}

async function ask(slack: SlackClient, fileId: string, userId: string): Promise<Outcome> {
  try {
    const { file } = await slack.call('files.info', { file: fileId }, permalink);
    const link = file.permalink ? `<${file.permalink}|Open it>` : 'Open it';
    const text = `The licence photo is stored encrypted now, so its copy in Slack is not needed. ${link} and choose “Delete file”.`;
    await slack.call('chat.postMessage', { channel: userId, text }, z.object({}));
    return 'asked';
  } catch (error) {
    if (isGone(error)) return 'deleted';
    throw error;
  }
}

/** A photo whose time was over meanwhile has nothing to record at. */
async function record(deps: LicenceDeps, tenantId: TenantId, leadId: LeadId, outcome: Outcome): Promise<void> {
  const assetId = await deps.db.inTenant(tenantId, (tx) => storedPhoto(tx, leadId));
  if (assetId) await deps.vault.original(tenantId, assetId, outcome);
}
