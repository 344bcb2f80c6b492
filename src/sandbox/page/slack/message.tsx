import { memo, useContext, useMemo } from 'react';
import type { Message } from '../../wire.ts';
import { ActingOn, useDrafts } from '../blocks/acting.tsx';
import { Blocks } from '../blocks/blocks.tsx';
import { Typed } from '../blocks/text-object.tsx';
import { useEntity } from '../state/hooks.ts';
import { act } from '../state/server.ts';
import type { Entry } from '../state/store.ts';
import { openThread } from '../state/ui.ts';
import { Reader } from '../text/reader.ts';
import { Emoji } from '../text/words.tsx';
import { Avatar } from '../ui/avatar.tsx';
import { Icon } from '../ui/icons.tsx';
import { Menu } from '../ui/menu.tsx';
import { clockWords, fullWords } from '../words/time.ts';
import { MessageFile } from './message-file.tsx';
import type { Replies } from './shown.ts';
import { whispered } from './whispered.ts';

interface MessageProps {
  me: string;
  entry: Entry<'message' | 'whisper'>;
  /** Under the same name as the one before. */
  joined: boolean;
  replies?: Replies | undefined;
}

export const MessageView = memo(function MessageView({ me, entry, joined, replies }: MessageProps) {
  const { zone } = useContext(Reader);
  const message = entry.value;
  const author = useEntity('user', message.user);
  const bot = author?.kind === 'bot';
  const at = Number(message.ts) * 1000;
  const whisper = whispered(entry);
  const className = ['message', joined && 'joined', whisper && 'whisper', entry.arrived > 0 && 'arrives']
    .filter(Boolean)
    .join(' ');
  const name = author?.realName ?? message.user;
  return (
    <article className={className} data-ts={message.ts} aria-label={`${name}, ${clockWords(at, zone)}`}>
      <div className="message-side">
        {joined ? (
          <time className="message-time">{clockWords(at, zone)}</time>
        ) : (
          <Avatar name={name} id={message.user} bot={bot} size={36} />
        )}
      </div>
      <div className="message-main">
        {!joined && (
          <header className="message-head">
            <strong>{name}</strong>
            {bot && <span className="tag">App</span>}
            <time title={fullWords(at, zone)}>{clockWords(at, zone)}</time>
            {whisper && <span className="only-you">Only visible to you</span>}
          </header>
        )}
        <Body me={me} entry={entry} />
        {message.edited && <span className="edited">(edited)</span>}
        {message.files.map((file) => (
          <MessageFile key={file.id} file={file} />
        ))}
        {message.reactions.length > 0 && (
          <div className="reactions">
            {message.reactions.map((reaction) => (
              <span key={reaction.name} className="reaction">
                <Emoji name={reaction.name} /> {reaction.count}
              </span>
            ))}
          </div>
        )}
        {replies && (
          <button type="button" className="replies" onClick={() => openThread(me, message.channel, message.ts)}>
            <Faces users={replies.users} />
            <strong>
              {replies.count} {replies.count === 1 ? 'reply' : 'replies'}
            </strong>
            <span>last at {clockWords(Number(replies.lastTs) * 1000, zone)}</span>
          </button>
        )}
      </div>
      {!whisper && <Tools me={me} message={message} />}
    </article>
  );
});

/** What can be done with a message: shown when it is pointed at. */
function Tools({ me, message }: { me: string; message: Message }) {
  const scene = useEntity('scene');
  const { channel, ts, threadTs } = message;
  const shortcuts = scene?.messageShortcuts ?? [];
  return (
    <div className="message-tools">
      {!threadTs && (
        <button
          type="button"
          className="icon-button reply-in-thread"
          aria-label="Reply in a thread"
          title="Reply in a thread"
          onClick={() => openThread(me, channel, ts)}
        >
          <Icon name="thread" size={17} />
        </button>
      )}
      {shortcuts.length > 0 && (
        <Menu
          label="More actions"
          title="More actions"
          button={<Icon name="more" size={17} />}
          items={shortcuts.map(({ callbackId, name }) => ({
            key: callbackId,
            words: name,
            run: () => void act({ act: 'message_shortcut', user: me, callbackId, channel, ts }),
          }))}
        />
      )}
    </div>
  );
}

function Body({ me, entry }: { me: string; entry: Entry<'message' | 'whisper'> }) {
  const { channel, ts, text, blocks } = entry.value;
  const { drafts, note } = useDrafts();
  const whisper = whispered(entry);
  const place = useMemo(
    () => ({ message: { channel, ts, ...(whisper && { whisperTo: me }) } }),
    [channel, ts, whisper, me],
  );
  if (blocks.length === 0) return text === '' ? null : <Typed text={text} />;
  return (
    <ActingOn person={me} place={place} drafts={drafts} onDraft={note}>
      <Blocks blocks={blocks} />
    </ActingOn>
  );
}

function Faces({ users }: { users: string[] }) {
  return users.slice(0, 3).map((id) => <Face key={id} id={id} />);
}

function Face({ id }: { id: string }) {
  const user = useEntity('user', id);
  return <Avatar name={user?.realName ?? id} id={id} bot={user?.kind === 'bot'} size={20} />;
}
