import type { Scene } from '../../wire.ts';

/** Commands that begin as typed, over the composer. */
export function CommandList(props: {
  id: string;
  commands: Scene['commands'];
  active: number;
  onPick(name: string): void;
}) {
  const { id, commands, active, onPick } = props;
  return (
    <div className="popup commands" id={id} role="listbox" aria-label="Commands">
      {commands.map((command, index) => (
        <div
          key={command.name}
          id={`${id}-${index}`}
          role="option"
          tabIndex={-1}
          aria-selected={index === active}
          className={index === active ? 'command active' : 'command'}
          onPointerDown={(event) => {
            event.preventDefault(); // the focus stays with what is being typed
            onPick(command.name);
          }}
        >
          <span className="command-name">
            {command.name} <span className="command-usage">{command.usage}</span>
          </span>
          <span className="command-summary">{command.summary}</span>
        </div>
      ))}
    </div>
  );
}
