import { clip } from './text.ts';

/*
 * The pieces of Block Kit that everything here is built of, cut to Slack's limits (docs.slack.dev, "Block Kit"). Text of
 * people goes through `escape` before it becomes mrkdwn, and `verbatim` keeps Slack from making links of it; plain text
 * shows it as it is.
 */

interface PlainText {
  type: 'plain_text';
  text: string;
}

/** A modal as `views.open` takes it; the blocks follow Slack's types. */
export interface ModalView {
  type: 'modal';
  callback_id: string;
  title: PlainText;
  submit?: PlainText;
  close?: PlainText;
  private_metadata?: string;
  blocks: object[];
}

export interface Button {
  text: string;
  actionId: string;
  /** Ids only. */
  value?: string;
  style?: 'primary' | 'danger';
  /** Slack asks first. */
  confirm?: { title: string; text: string; yes: string };
  /** Opens a page; Slack tells us of the click all the same. */
  url?: string;
}

export const plain = (text: string, max = 3000): PlainText => ({ type: 'plain_text', text: clip(text, max) });

export const section = (mrkdwn: string, accessory?: object) => ({
  type: 'section',
  text: { type: 'mrkdwn', text: clip(mrkdwn, 3000), verbatim: true },
  ...(accessory && { accessory }),
});

export const context = (mrkdwn: string) => ({
  type: 'context',
  elements: [{ type: 'mrkdwn', text: clip(mrkdwn, 3000), verbatim: true }],
});

export const button = ({ text, actionId, value, style, confirm, url }: Button) => ({
  type: 'button',
  text: plain(text, 75),
  action_id: actionId,
  ...(value !== undefined && { value }),
  ...(style && { style }),
  ...(confirm && {
    confirm: {
      title: plain(confirm.title, 100),
      text: plain(confirm.text, 300),
      confirm: plain(confirm.yes, 30),
      deny: plain('Not now'),
      ...(style && { style }),
    },
  }),
  ...(url && { url }),
});

/** A row of buttons; none at all where there is nothing to press. */
export const buttons = (...each: Button[]) =>
  each.length > 0 ? [{ type: 'actions', elements: each.map(button) }] : [];

export const option = (text: string, value: string) => ({ text: plain(text, 75), value });

/** An input with its label; `name` is the block id, under which its value and its error are found. */
export const input = (
  name: string,
  label: string,
  element: object,
  more: { hint?: string; optional?: boolean } = {},
) => ({
  type: 'input',
  block_id: name,
  label: plain(label, 2000),
  element: { action_id: 'value', ...element },
  ...(more.hint !== undefined && { hint: plain(more.hint, 2000) }),
  ...(more.optional && { optional: true }),
});

/** A modal that only says something. */
export const noticeView = (title: string, mrkdwn: string): ModalView => ({
  type: 'modal',
  callback_id: 'notice',
  title: plain(title, 24),
  close: plain('Close', 24),
  blocks: [section(mrkdwn)],
});
