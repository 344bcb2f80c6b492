import { z } from 'zod';
import {
  actionable,
  confirmable,
  conversationFilter,
  countable,
  dispatchable,
  focusable,
  hasOnePicture,
  picture,
  placeholdable,
  plainOption,
  plainText,
  respondable,
  richOption,
  selectOptions,
} from './block-parts.ts';

/* Block elements with Slack's limits (docs.slack.dev, "Block elements"). */

const date = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const time = z.string().regex(/^\d{2}:\d{2}$/);
const menu = { ...actionable, ...confirmable, ...focusable, ...placeholdable };
const entry = { ...actionable, ...dispatchable, ...focusable, ...placeholdable };
const ONE_LIST = 'must define either `options` or `option_groups`, not both';

function hasOneList(select: { options?: unknown; option_groups?: unknown }): boolean {
  return (select.options === undefined) !== (select.option_groups === undefined);
}

export const imageElement = z
  .strictObject({ type: z.literal('image'), alt_text: z.string().min(1).max(2000), ...picture })
  .refine(hasOnePicture, 'must define either `image_url` or `slack_file`');

const button = z.strictObject({
  type: z.literal('button'),
  text: plainText(75),
  value: z.string().max(2000).optional(),
  url: z.url().max(3000).optional(),
  style: z.enum(['primary', 'danger']).optional(),
  accessibility_label: z.string().max(75).optional(),
  ...actionable,
  ...confirmable,
});

const overflow = z.strictObject({
  type: z.literal('overflow'),
  options: z.array(plainOption).min(1).max(5),
  ...actionable,
  ...confirmable,
});

const checkboxes = z.strictObject({
  type: z.literal('checkboxes'),
  options: z.array(richOption).min(1).max(10),
  initial_options: z.array(richOption).min(1).optional(),
  ...actionable,
  ...confirmable,
  ...focusable,
});

const radioButtons = z.strictObject({
  type: z.literal('radio_buttons'),
  options: z.array(richOption).min(1).max(10),
  initial_option: richOption.optional(),
  ...actionable,
  ...confirmable,
  ...focusable,
});

const staticSelect = z
  .strictObject({
    type: z.literal('static_select'),
    initial_option: plainOption.optional(),
    ...selectOptions,
    ...menu,
  })
  .refine(hasOneList, ONE_LIST);

const multiStaticSelect = z
  .strictObject({
    type: z.literal('multi_static_select'),
    initial_options: z.array(plainOption).min(1).optional(),
    ...selectOptions,
    ...menu,
    ...countable,
  })
  .refine(hasOneList, ONE_LIST);

const externalSelect = z.strictObject({
  type: z.literal('external_select'),
  initial_option: plainOption.optional(),
  min_query_length: z.number().int().min(0).optional(),
  ...menu,
});

const multiExternalSelect = z.strictObject({
  type: z.literal('multi_external_select'),
  initial_options: z.array(plainOption).min(1).optional(),
  min_query_length: z.number().int().min(0).optional(),
  ...menu,
  ...countable,
});

const ids = z.array(z.string().min(1)).optional();
const usersSelect = z.strictObject({ type: z.literal('users_select'), initial_user: z.string().optional(), ...menu });
const multiUsersSelect = z.strictObject({
  type: z.literal('multi_users_select'),
  initial_users: ids,
  ...menu,
  ...countable,
});
const conversationsSelect = z.strictObject({
  type: z.literal('conversations_select'),
  initial_conversation: z.string().optional(),
  ...conversationFilter,
  ...respondable,
  ...menu,
});
const multiConversationsSelect = z.strictObject({
  type: z.literal('multi_conversations_select'),
  initial_conversations: ids,
  ...conversationFilter,
  ...menu,
  ...countable,
});
const channelsSelect = z.strictObject({
  type: z.literal('channels_select'),
  initial_channel: z.string().optional(),
  ...respondable,
  ...menu,
});
const multiChannelsSelect = z.strictObject({
  type: z.literal('multi_channels_select'),
  initial_channels: ids,
  ...menu,
  ...countable,
});

const datepicker = z.strictObject({ type: z.literal('datepicker'), initial_date: date.optional(), ...menu });
const timepicker = z.strictObject({
  type: z.literal('timepicker'),
  initial_time: time.optional(),
  timezone: z.string().optional(),
  ...menu,
});
const datetimepicker = z.strictObject({
  type: z.literal('datetimepicker'),
  initial_date_time: z.number().int().min(1_000_000_000).max(9_999_999_999).optional(),
  ...actionable,
  ...confirmable,
  ...focusable,
});

const textInput = z.strictObject({
  type: z.literal('plain_text_input'),
  initial_value: z.string().max(3000).optional(),
  multiline: z.boolean().optional(),
  min_length: z.number().int().min(0).max(3000).optional(),
  max_length: z.number().int().min(1).max(3000).optional(),
  ...entry,
});
const emailInput = z.strictObject({
  type: z.literal('email_text_input'),
  initial_value: z.string().optional(),
  ...entry,
});
const urlInput = z.strictObject({ type: z.literal('url_text_input'), initial_value: z.string().optional(), ...entry });
const numberInput = z.strictObject({
  type: z.literal('number_input'),
  is_decimal_allowed: z.boolean(),
  initial_value: z.string().optional(),
  min_value: z.string().optional(),
  max_value: z.string().optional(),
  ...entry,
});
const richTextInput = z.strictObject({
  type: z.literal('rich_text_input'),
  initial_value: z.looseObject({ type: z.literal('rich_text') }).optional(),
  min_lines: z.number().int().min(1).max(100).optional(),
  max_lines: z.number().int().min(1).max(100).optional(),
  ...entry,
});
const fileInput = z.strictObject({
  type: z.literal('file_input'),
  filetypes: z.array(z.string().min(1)).min(1).optional(),
  max_files: z.number().int().min(1).max(10).optional(),
  ...actionable,
});

const selects = [
  checkboxes,
  radioButtons,
  staticSelect,
  multiStaticSelect,
  externalSelect,
  multiExternalSelect,
  usersSelect,
  multiUsersSelect,
  conversationsSelect,
  multiConversationsSelect,
  channelsSelect,
  multiChannelsSelect,
  datepicker,
  timepicker,
] as const;
const entries = [textInput, emailInput, urlInput, numberInput, richTextInput, fileInput] as const;

export const actionsElement = z.discriminatedUnion('type', [
  button,
  overflow,
  datetimepicker,
  richTextInput,
  ...selects,
]);
export const accessory = z.discriminatedUnion('type', [button, overflow, imageElement, ...selects]);
export const inputElement = z.discriminatedUnion('type', [datetimepicker, ...selects, ...entries]);

/** Any element a person can act on. */
export type Interactive = z.infer<typeof actionsElement> | z.infer<typeof inputElement>;
