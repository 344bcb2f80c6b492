import { type KeyboardEvent, useId, useRef, useState } from 'react';
import type { Upload, User } from '../../wire.ts';
import { useEntity } from '../state/hooks.ts';
import { act } from '../state/server.ts';
import { Icon } from '../ui/icons.tsx';
import { keyOf } from '../ui/keys.ts';
import { Menu } from '../ui/menu.tsx';
import { moved } from '../ui/picking.ts';
import { readUpload } from '../ui/uploads.ts';
import { CommandList } from './command-list.tsx';
import { matching, readCommand } from './commands.ts';

interface ComposerProps {
  me: User;
  channel: string;
  thread?: string;
  /** What the field is called, and what stands in it while it is empty. */
  label: string;
  hint: string;
  /** Slash commands work here; Slack has none in threads. */
  commands?: boolean;
}

/** Where people write: words, files, commands after a slash, shortcuts behind the flash. */
export function Composer({ me, channel, thread, label, hint, commands = false }: ComposerProps) {
  const scene = useEntity('scene');
  const id = useId();
  const input = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const [text, setText] = useState('');
  const [files, setFiles] = useState<Upload[]>([]);
  const [active, setActive] = useState(0);
  const [chosen, setChosen] = useState(false);
  const [hidden, setHidden] = useState(false);
  const known = commands && scene ? scene.commands : [];
  const found = hidden ? [] : matching(text, known);
  const listed = found.length > 0;

  function write(words: string) {
    setText(words);
    setActive(0);
    setChosen(false);
    setHidden(false);
  }

  async function send() {
    const words = text.trim();
    if (words === '' && files.length === 0) return;
    const command = readCommand(words, known);
    setText('');
    setFiles([]);
    if (command) await act({ act: 'slash', user: me.id, channel, ...command });
    else {
      const more = { ...(thread && { thread }), ...(files.length > 0 && { files }) };
      await act({ act: 'say', user: me.id, channel, text: words, ...more });
    }
  }

  function complete(name: string) {
    write(`${name} `);
    input.current?.focus();
  }

  function onKey(event: KeyboardEvent) {
    const to = listed ? moved(event.key, active, found.length) : undefined;
    if (to !== undefined) {
      event.preventDefault();
      setActive(to);
      setChosen(true);
    } else if (listed && (event.key === 'Tab' || event.key === 'Enter') && !event.shiftKey) {
      // a command that is typed out is sent, unless another one was chosen from the list
      const typedOut = known.some((command) => command.name === text.trim());
      if (event.key === 'Enter' && typedOut && !chosen) return finish(event);
      event.preventDefault();
      if (found[active]) complete(found[active].name);
    } else if (listed && event.key === 'Escape') {
      event.preventDefault();
      setHidden(true);
    } else if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) finish(event);
  }

  function finish(event: KeyboardEvent) {
    event.preventDefault();
    void send();
  }

  return (
    <div className="composer-place">
      {listed && <CommandList id={`${id}-list`} commands={found} active={active} onPick={complete} />}
      <div className="composer" data-tour={thread ? undefined : 'composer'}>
        {files.length > 0 && (
          <div className="composer-files">
            {files.map((file, index) => (
              <span key={keyOf(index)} className="composer-file">
                <Icon name="file" size={15} /> {file.name}
                <button
                  type="button"
                  className="icon-button"
                  aria-label={`Remove ${file.name}`}
                  onClick={() => setFiles(files.filter((other) => other !== file))}
                >
                  <Icon name="close" size={13} />
                </button>
              </span>
            ))}
          </div>
        )}
        <div className="composer-line">
          <button
            type="button"
            className="icon-button"
            aria-label="Attach a file"
            title="Attach a file"
            onClick={() => picker.current?.click()}
          >
            <Icon name="plus" />
          </button>
          {commands && scene && scene.shortcuts.length > 0 && (
            <Menu
              label="Shortcuts"
              title="Shortcuts"
              button={<Icon name="bolt" />}
              items={scene.shortcuts.map(({ callbackId, name }) => ({
                key: callbackId,
                words: name,
                run: () => void act({ act: 'shortcut', user: me.id, callbackId }),
              }))}
            />
          )}
          <textarea
            ref={input}
            rows={1}
            value={text}
            placeholder={hint}
            aria-label={label}
            role="combobox"
            aria-expanded={listed}
            aria-controls={`${id}-list`}
            aria-activedescendant={listed ? `${id}-list-${active}` : undefined}
            onChange={(event) => write(event.target.value)}
            onKeyDown={onKey}
          />
          <button
            type="button"
            className="send"
            aria-label="Send"
            disabled={text.trim() === '' && files.length === 0}
            onClick={() => void send()}
          >
            <Icon name="send" size={17} />
          </button>
        </div>
        <input
          ref={picker}
          type="file"
          multiple
          className="unseen"
          tabIndex={-1}
          aria-label="Files"
          onChange={async (event) => {
            const picked = await Promise.all([...(event.target.files ?? [])].map(readUpload));
            setFiles((all) => [...all, ...picked]);
          }}
        />
      </div>
    </div>
  );
}
