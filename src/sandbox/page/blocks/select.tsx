import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { useValues } from '../state/hooks.ts';
import { channelsOf } from '../state/people.ts';
import { act } from '../state/server.ts';
import { Picker } from '../ui/picker.tsx';
import { type Acting, useActing } from './acting.tsx';
import type { ElementProps } from './element-props.ts';
import type { Field } from './fields.ts';
import { numberOf, textOf, wordsOf } from './json.ts';
import { holdsMany, type Option, optionsOf } from './values.ts';

type Props = ElementProps & { field: Field };

/** A select of any kind, one or several at once; where its options come from differs. */
export function Select(props: Props) {
  const type = textOf(props.element.type);
  if (type.endsWith('external_select')) return <FromApp {...props} />;
  if (type.endsWith('users_select')) return <FromPeople {...props} />;
  if (type.endsWith('conversations_select') || type.endsWith('channels_select')) return <FromChannels {...props} />;
  return <Shown {...props} options={optionsOf(props.element)} />;
}

type Offered = { group: string; option: Option }[];

function Shown(props: Props & { options: Offered; onType?: (typed: string) => void; wait?: ReactNode }) {
  const { element, field, options, onType, wait, id, describedBy, invalid, label } = props;
  const { heldBy, enter } = useActing();
  const value = heldBy(field);
  const held = value.is === 'options' ? value.options : [];
  const named = held.map((each) => options.find(({ option }) => option.value === each.value)?.option ?? each);
  const most = numberOf(element.max_selected_items);
  return (
    <Picker
      id={id}
      label={label ?? (wordsOf(element.placeholder) || 'Choose')}
      placeholder={wordsOf(element.placeholder) || 'Choose'}
      describedBy={describedBy}
      invalid={invalid}
      options={options}
      chosen={named}
      many={holdsMany(textOf(element.type))}
      most={most}
      onType={onType}
      wait={wait}
      onChange={(chosen) => enter(field, { is: 'options', options: chosen })}
    />
  );
}

/** How long somebody pauses before the app is asked. */
const TYPING_MS = 200;

function FromApp(props: Props) {
  const acting = useActing();
  const [typed, setTyped] = useState<string | null>(null);
  const [options, setOptions] = useState<Offered>([]);
  const least = numberOf(props.element.min_query_length) ?? 3;
  const short = typed === null || typed.length < least;
  const { name } = props.field;
  useEffect(() => {
    if (typed === null || short) return;
    let current = true;
    const timer = setTimeout(async () => {
      const found = await suggestions(acting, name, typed);
      if (current) setOptions(found);
    }, TYPING_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [typed, short, acting, name]);
  const wait = short && least > 0 ? `Type ${least === 1 ? 'a letter' : `${least} letters`} to search` : undefined;
  return <Shown {...props} options={short ? [] : options} onType={setTyped} wait={wait} />;
}

async function suggestions({ person, place }: Acting, actionId: string, typed: string): Promise<Offered> {
  const answer = await act({ act: 'suggest', user: person, place, actionId, typed });
  return (answer?.options ?? []).map((option) => ({ group: '', option }));
}

function FromPeople(props: Props) {
  const users = useValues('user');
  const options = useMemo(
    () => users.map((user) => ({ group: '', option: { value: user.id, text: user.realName } })),
    [users],
  );
  return <Shown {...props} options={options} />;
}

function FromChannels(props: Props) {
  const { person } = useActing();
  const channels = useValues('channel');
  const options = useMemo(() => {
    const { rooms } = channelsOf(channels, person);
    return rooms.map((room) => ({ group: '', option: { value: room.id, text: `#${room.name}` } }));
  }, [channels, person]);
  return <Shown {...props} options={options} />;
}
