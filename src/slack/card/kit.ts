/*
 * The few Block Kit parts that cards and modals are made of, within Slack's limits. `verbatim` keeps Slack from turning
 * people's words into links and channel names.
 */

export interface Button {
  type: 'button';
  action_id: string;
  text: { type: 'plain_text'; text: string };
  value: string;
  style?: 'primary' | 'danger';
  confirm?: object;
}

const plain = (text: string) => ({ type: 'plain_text' as const, text });

/** A paragraph; `text` is mrkdwn whose people's words are escaped already. */
export function section(text: string): object {
  return { type: 'section', text: { type: 'mrkdwn', text: text.slice(0, 3000) || ' ', verbatim: true } };
}

/** Words shown exactly as they are: no formatting, no emoji names. */
export function literal(text: string): object {
  return { type: 'section', text: { type: 'plain_text', text: text.slice(0, 3000) || ' ', emoji: false } };
}

/** Small grey lines. */
export function context(lines: readonly string[]): object[] {
  const elements = lines.filter((line) => line !== '').slice(0, 10);
  if (elements.length === 0) return [];
  return [
    {
      type: 'context',
      elements: elements.map((text) => ({ type: 'mrkdwn', text: text.slice(0, 2000), verbatim: true })),
    },
  ];
}

export function actions(buttons: readonly Button[]): object[] {
  return buttons.length === 0 ? [] : [{ type: 'actions', elements: buttons.slice(0, 25) }];
}

export function button(
  actionId: string,
  label: string,
  value: string,
  more: { style?: 'primary' | 'danger'; confirm?: { title: string; text: string; yes: string; no?: string } } = {},
): Button {
  const { style, confirm } = more;
  return {
    type: 'button',
    action_id: actionId,
    text: plain(label),
    value,
    ...(style && { style }),
    ...(confirm && {
      confirm: {
        title: plain(confirm.title.slice(0, 100)),
        text: plain(confirm.text.slice(0, 300)),
        confirm: plain(confirm.yes.slice(0, 30)),
        deny: plain((confirm.no ?? 'Not now').slice(0, 30)),
        ...(style === 'danger' && { style: 'danger' as const }),
      },
    }),
  };
}
