import { z } from 'zod';
import { anyText, hasOnePicture, picture, plainText } from './block-parts.ts';
import { accessory, actionsElement, type Interactive, imageElement, inputElement } from './elements.ts';

/* Blocks with Slack's limits (docs.slack.dev, "Blocks"). A kind not listed here is refused as Slack refuses unknown kinds. */

const named = { block_id: z.string().min(1).max(255).optional() };

const section = z
  .strictObject({
    type: z.literal('section'),
    text: anyText(3000).optional(),
    fields: z.array(anyText(2000)).min(1).max(10).optional(),
    accessory: accessory.optional(),
    expand: z.boolean().optional(),
    ...named,
  })
  .refine((block) => block.text !== undefined || block.fields !== undefined, 'must define either `text` or `fields`');

const divider = z.strictObject({ type: z.literal('divider'), ...named });
const header = z.strictObject({ type: z.literal('header'), text: plainText(150), ...named });
const context = z.strictObject({
  type: z.literal('context'),
  elements: z
    .array(z.discriminatedUnion('type', [imageElement, anyText(3000)]))
    .min(1)
    .max(10),
  ...named,
});
const actions = z.strictObject({
  type: z.literal('actions'),
  elements: z.array(actionsElement).min(1).max(25),
  ...named,
});
const image = z
  .strictObject({
    type: z.literal('image'),
    alt_text: z.string().min(1).max(2000),
    title: plainText(2000).optional(),
    ...picture,
    ...named,
  })
  .refine(hasOnePicture, 'must define either `image_url` or `slack_file`');
const input = z.strictObject({
  type: z.literal('input'),
  label: plainText(2000),
  hint: plainText(2000).optional(),
  element: inputElement,
  optional: z.boolean().optional(),
  dispatch_action: z.boolean().optional(),
  ...named,
});
const richText = z.strictObject({
  type: z.literal('rich_text'),
  elements: z.array(
    z.looseObject({
      type: z.enum(['rich_text_section', 'rich_text_list', 'rich_text_quote', 'rich_text_preformatted']),
    }),
  ),
  ...named,
});
const markdown = z.strictObject({ type: z.literal('markdown'), text: z.string().min(1).max(12_000), ...named });
const cell = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('raw_text'), text: z.string() }),
  z.strictObject({ type: z.literal('raw_number'), value: z.number(), text: z.string() }),
  richText,
]);
const table = z.strictObject({
  type: z.literal('table'),
  rows: z.array(z.array(cell).min(1).max(20)).min(1).max(100),
  column_settings: z
    .array(
      z
        .strictObject({ align: z.enum(['left', 'center', 'right']).optional(), is_wrapped: z.boolean().optional() })
        .nullable(),
    )
    .max(20)
    .optional(),
  ...named,
});

const everywhere = [section, divider, header, context, actions, image, input, richText] as const;

/** Blocks of a modal or of App Home. */
export const viewBlock = z.discriminatedUnion('type', [...everywhere]);
/** Blocks of a message: tables and Markdown only exist there. */
export const messageBlock = z.discriminatedUnion('type', [...everywhere, markdown, table]);

export type Block = z.infer<typeof messageBlock>;
export type ViewBlock = z.infer<typeof viewBlock>;

/** The elements of a block that a person can act on, in order. */
export function interactives(block: Block): Interactive[] {
  switch (block.type) {
    case 'actions':
      return block.elements;
    case 'input':
      return [block.element];
    case 'section':
      return block.accessory === undefined || block.accessory.type === 'image' ? [] : [block.accessory];
    case 'divider':
    case 'header':
    case 'context':
    case 'image':
    case 'rich_text':
    case 'markdown':
    case 'table':
      return [];
  }
}
