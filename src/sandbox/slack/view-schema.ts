import { z } from 'zod';
import { plainText } from './block-parts.ts';
import { viewBlock } from './blocks.ts';

const common = {
  blocks: z.array(viewBlock).max(100),
  private_metadata: z.string().max(3000).optional(),
  callback_id: z.string().max(255).optional(),
  external_id: z.string().max(255).optional(),
};

/** A modal as an app sends it (docs.slack.dev, "Modal views"). */
export const modalView = z.strictObject({
  type: z.literal('modal'),
  title: plainText(24),
  submit: plainText(24).optional(),
  close: plainText(24).optional(),
  clear_on_close: z.boolean().optional(),
  notify_on_close: z.boolean().optional(),
  ...common,
});

/** App Home as an app publishes it. */
export const homeView = z.strictObject({ type: z.literal('home'), ...common });

export type ModalView = z.infer<typeof modalView>;
export type HomeView = z.infer<typeof homeView>;
