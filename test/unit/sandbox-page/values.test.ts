import { describe, expect, test } from '@jest/globals';
import { fieldsOf } from '../../../src/sandbox/page/blocks/fields.ts';
import { localInput, secondsOf } from '../../../src/sandbox/page/blocks/local-input.ts';
import { pictureAddress } from '../../../src/sandbox/page/blocks/picture-address.ts';
import { entryOf, heldIn, optionsOf } from '../../../src/sandbox/page/blocks/values.ts';

const option = (text: string, value: string) => ({ text: { type: 'plain_text', text }, value });
const sv = option('Svenska', 'sv');
const de = option('Deutsch', 'de');

describe('what a field holds and how it is sent', () => {
  test.each([
    ['text of the app', { type: 'plain_text_input', initial_value: 'Anna' }, undefined, 'Anna'],
    ['text typed before', { type: 'plain_text_input', initial_value: 'Anna' }, { value: 'Lars' }, 'Lars'],
    ['text emptied', { type: 'plain_text_input', initial_value: 'Anna' }, { value: null }, null],
    [
      'a chosen option',
      { type: 'static_select', options: [sv, de], initial_option: de },
      { selected_option: sv },
      'sv',
    ],
    ['no option', { type: 'radio_buttons', options: [sv] }, { selected_option: null }, null],
    ['ticked boxes', { type: 'checkboxes', options: [sv, de] }, { selected_options: [sv, de] }, ['sv', 'de']],
    ['no box', { type: 'checkboxes', options: [sv, de] }, undefined, []],
    ['a person', { type: 'users_select', initial_user: 'U1' }, undefined, 'U1'],
    ['channels', { type: 'multi_channels_select' }, { selected_channels: ['C1', 'C2'] }, ['C1', 'C2']],
    ['a day', { type: 'datepicker', initial_date: '2026-11-21' }, undefined, '2026-11-21'],
    ['an instant', { type: 'datetimepicker', initial_date_time: 1795317559 }, undefined, 1795317559],
    [
      'rich text',
      { type: 'rich_text_input' },
      {
        rich_text_value: { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [{ text: 'Hej' }] }] },
      },
      'Hej',
    ],
  ])('%s', (_what, element, state, entry) => {
    expect(entryOf(element, heldIn(element, state))).toEqual(entry);
  });

  test('files that the server has are shown, and not sent again', () => {
    const held = heldIn({ type: 'file_input' }, { files: [{ id: 'F1', name: 'licence.jpg' }] });
    expect(held).toEqual({ is: 'files', files: [{ name: 'licence.jpg' }] });
    expect(entryOf({ type: 'file_input' }, held)).toEqual([]);
  });

  test('options may stand in groups', () => {
    const element = { option_groups: [{ label: { type: 'plain_text', text: 'Nordic' }, options: [sv] }] };
    expect(optionsOf(element).map(({ group, option: { value } }) => [group, value])).toEqual([['Nordic', 'sv']]);
  });
});

test('fields are named so that the server finds them, also where many share an action id', () => {
  const fields = fieldsOf([
    { type: 'input', block_id: 'name', element: { type: 'plain_text_input', action_id: 'value' } },
    {
      type: 'input',
      block_id: 'car',
      dispatch_action: true,
      element: { type: 'plain_text_input', action_id: 'value' },
    },
    { type: 'section', block_id: 's', accessory: { type: 'static_select', action_id: 'pick' } },
    { type: 'section', block_id: 'p', accessory: { type: 'image' } },
    {
      type: 'actions',
      block_id: 'a',
      elements: [
        { type: 'button', action_id: 'b' },
        { type: 'datepicker', action_id: 'd' },
      ],
    },
    { type: 'divider' },
  ]);
  expect(fields.map(({ name, input, dispatches }) => [name, input, dispatches])).toEqual([
    ['name/value', true, false],
    ['car/value', true, true],
    ['s/pick', false, true],
    ['a/d', false, true],
  ]);
});

test('pictures come from this page or not at all', () => {
  const origin = 'http://127.0.0.1:3000';
  expect(pictureAddress('', { id: 'F0ABC' }, origin)).toBe('/sandbox/files/F0ABC');
  expect(pictureAddress('http://127.0.0.1:4000/files-pri/T0DEMO-F0ABC/chart.png', {}, origin)).toBe(
    '/sandbox/files/F0ABC',
  );
  expect(pictureAddress(`${origin}/charts/1.png`, {}, origin)).toBe(`${origin}/charts/1.png`);
  expect(pictureAddress('https://elsewhere.example/a.png', {}, origin)).toBeUndefined();
  expect(pictureAddress('//elsewhere.example/a.png', {}, origin)).toBeUndefined();
});

test('date and time survive the way into the browser and back', () => {
  expect(secondsOf(localInput('1795317540'))).toBe('1795317540');
  expect(localInput('')).toBe('');
  expect(secondsOf('')).toBe('');
});
