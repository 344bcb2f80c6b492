import { describe, expect, test } from '@jest/globals';
import { kindOf, teamOf } from '../../../src/slack/payloads.ts';
import { actionValue, formValues } from '../../../src/slack/values.ts';

describe('what people entered', () => {
  const values = formValues({
    name: { value: { value: 'Anna' } },
    empty: { value: { value: null } },
    language: { value: { selected_option: { value: 'sv' } } },
    nothing: { value: { selected_option: null } },
    who: { value: { selected_user: 'U1' } },
    consent: { value: { selected_options: [{ value: 'yes' }] } },
    photo: { value: { files: [{ id: 'F1', mimetype: 'image/png', size: 12 }] } },
  });

  test('is found by the name of its input', () => {
    expect([values.text('name'), values.choice('language'), values.choice('who')]).toEqual(['Anna', 'sv', 'U1']);
    expect([values.checked('consent'), values.files('photo')]).toEqual([
      ['yes'],
      [{ id: 'F1', mimetype: 'image/png', size: 12 }],
    ]);
  });

  test('is empty where nothing was entered, or there is no such input', () => {
    expect([values.text('empty'), values.choice('nothing'), values.text('other')]).toEqual(['', '', '']);
    expect([values.checked('name'), values.files('name'), values.checked('other')]).toEqual([[], [], []]);
  });

  test.each([
    [{ type: 'button', value: 'v1' }, 'v1'],
    [{ type: 'button' }, ''],
    [{ type: 'static_select', selected_option: { text: {}, value: 'o1' } }, 'o1'],
    [{ type: 'overflow', selected_option: { value: 'o2' } }, 'o2'],
    [{ type: 'users_select', selected_user: 'U1' }, 'U1'],
    [{ type: 'button', value: { nested: true } }, ''],
  ])('an action carries %j', (action, value) => {
    expect(actionValue(action)).toBe(value);
  });
});

describe('the kind of a request', () => {
  const form = (values: Record<string, string>) => new URLSearchParams(values).toString();
  const person = { user: { id: 'U1', team_id: 'T1' }, team: { id: 'T1' } };
  const interaction = (payload: object) => form({ payload: JSON.stringify({ ...person, ...payload }) });
  const FORM = 'application/x-www-form-urlencoded';

  test.each([
    [form({ command: '/lead', team_id: 'T1', user_id: 'U1', channel_id: 'C1', trigger_id: 'x' }), '/lead'],
    [interaction({ type: 'block_actions', actions: [{ action_id: 'a' }] }), 'block_actions'],
    [interaction({ type: 'view_submission', view: { id: 'V1', callback_id: 'x' } }), 'view_submission'],
    [interaction({ type: 'view_closed', view: {} }), 'view_closed'],
    [interaction({ type: 'shortcut', callback_id: 'x' }), 'shortcut'],
    [interaction({ type: 'message_action', callback_id: 'x' }), 'message_action'],
    [interaction({ type: 'block_actions', actions: [] }), undefined],
    [interaction({ type: 'workflow_step_edit' }), undefined],
    [form({ payload: '{' }), undefined],
    ['', undefined],
  ])('%s', (body, kind) => {
    expect(kindOf(FORM, body)).toBe(kind);
  });

  test.each([
    ['{"type":"url_verification","challenge":"c"}', 'url_verification'],
    ['{"type":"event_callback","team_id":"T1","event":{"type":"message"}}', 'event_callback'],
    ['{"type":"event_callback","team_id":"T1","event":{}}', undefined],
    ['[]', undefined],
    ['null', undefined],
    ['', undefined],
  ])('%s', (body, kind) => {
    expect(kindOf('application/json', body)).toBe(kind);
  });

  test('an organisation-wide installation names no workspace, so the own one of the person counts', () => {
    expect([teamOf(person), teamOf({ team: null, user: { team_id: 'T2' } }), teamOf({ user: {} })]).toEqual([
      'T1',
      'T2',
      '',
    ]);
  });
});
