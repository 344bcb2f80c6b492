import { signedToken } from '../../lib/signed-links.ts';
import { BRAND_PREVIEW, brandingAfter, colourNote, type Draft } from '../../tenants/index.ts';
import type { Action } from '../feature.ts';
import { buttons, context } from '../views.ts';
import type { SettingsDeps } from './deps.ts';

export const PREVIEW = 'brand_preview';
export const PREVIEW_LETTER = 'brand_preview_letter';
export const PREVIEW_CARD = 'brand_preview_card';

/** Links to a page, an e-mail and a card as the change would show them, and what is to be known of its colour; nothing for other changes. */
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
      { text: 'See a card with it', actionId: PREVIEW_CARD, url: `${url}/card` },
    ),
    ...(note ? [context(note)] : []),
  ];
}

/** The browser opens the page; nothing else is to be done. */
export const previewAction: Action = { permission: 'settings.change', run: async () => {} };
