import { signedToken } from '../../lib/signed-links.ts';
import { BRAND_PREVIEW, brandingAfter, colourNote, type Draft } from '../../tenants/index.ts';
import type { Action } from '../feature.ts';
import { buttons, context } from '../views.ts';
import type { SettingsDeps } from './deps.ts';

export const PREVIEW = 'brand_preview';
export const PREVIEW_LETTER = 'brand_preview_letter';

/** Links to a page and an e-mail as the change would show them, and what is to be known of its colour; nothing for other changes. */
export function previewBlocks(
  { publicUrl, linkKey }: Pick<SettingsDeps, 'publicUrl' | 'linkKey'>,
  { id, changes }: Pick<Draft, 'id' | 'changes'>,
): object[] {
  const branding = brandingAfter(changes);
  if (!branding) return [];
  const url = `${publicUrl}/brand/${signedToken(linkKey, BRAND_PREVIEW, id)}`;
  const note = colourNote(branding.accent);
  return [
    ...buttons(
      { text: 'See a page with it', actionId: PREVIEW, url },
      { text: 'See an e-mail with it', actionId: PREVIEW_LETTER, url: `${url}/letter` },
    ),
    ...(note ? [context(note)] : []),
  ];
}

/** The browser opens the page; nothing else is to be done. */
export const previewAction: Action = { permission: 'settings.change', run: async () => {} };
