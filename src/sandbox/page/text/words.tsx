import { memo, type ReactNode, useContext } from 'react';
import { useEntity, useNow } from '../state/hooks.ts';
import { Icon } from '../ui/icons.tsx';
import { keyOf } from '../ui/keys.ts';
import { dateWords } from './dates.ts';
import { EMOJI } from './emoji.ts';
import { followLink } from './follow.ts';
import { Reader } from './reader.ts';
import type { Inline, Paragraph } from './tree.ts';

/** Written words, drawn. */
export const Words = memo(function Words(props: { paragraphs: Paragraph[]; inline?: boolean | undefined }) {
  const { paragraphs, inline } = props;
  if (inline) return paragraphs.map((paragraph) => ('children' in paragraph ? inlines(paragraph.children) : null));
  return paragraphs.map((paragraph, index) => <Drawn key={keyOf(index)} paragraph={paragraph} />);
});

function Drawn({ paragraph }: { paragraph: Paragraph }) {
  switch (paragraph.is) {
    case 'words':
      return <p className="words">{inlines(paragraph.children)}</p>;
    case 'title':
      return <p className={`words title title-${Math.min(paragraph.level, 3)}`}>{inlines(paragraph.children)}</p>;
    case 'quote':
      return <blockquote className="words">{inlines(paragraph.children)}</blockquote>;
    case 'pre':
      return <pre className="words">{paragraph.text}</pre>;
    case 'rule':
      return <hr className="divider" />;
    case 'list': {
      const items = paragraph.items.map((item, index) => <li key={keyOf(index)}>{inlines(item)}</li>);
      const className = `words list in-${Math.min(paragraph.indent, 4)}`;
      return paragraph.ordered ? (
        <ol className={className} start={paragraph.start}>
          {items}
        </ol>
      ) : (
        <ul className={className}>{items}</ul>
      );
    }
    case 'table':
      return <Table rows={paragraph.rows.map((row) => row.map((cell) => inlines(cell)))} />;
  }
}

/** A table; its first row is the head. */
export function Table({ rows, aligns = [] }: { rows: ReactNode[][]; aligns?: (string | undefined)[] }) {
  const [head, ...body] = rows;
  const alignment = (column: number) => `align-${aligns[column] ?? 'left'}`;
  return (
    <div className="table">
      <table>
        <thead>
          <tr>
            {head?.map((cell, column) => (
              <th key={keyOf(column)} className={alignment(column)} scope="col">
                {cell}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {body.map((row, index) => (
            <tr key={keyOf(index)}>
              {row.map((cell, column) => (
                <td key={keyOf(column)} className={alignment(column)}>
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const inlines = (nodes: Inline[]): ReactNode[] => nodes.map((node, index) => <One key={keyOf(index)} node={node} />);

function One({ node }: { node: Inline }): ReactNode {
  switch (node.is) {
    case 'text':
      return node.text;
    case 'bold':
      return <b>{inlines(node.children)}</b>;
    case 'italic':
      return <i>{inlines(node.children)}</i>;
    case 'strike':
      return <s>{inlines(node.children)}</s>;
    case 'code':
      return <code>{node.text}</code>;
    case 'break':
      return <br />;
    case 'emoji':
      return <Emoji name={node.name} />;
    case 'link':
      return <Link url={node.url}>{inlines(node.children)}</Link>;
    case 'user':
      return <Mention id={node.id} />;
    case 'channel':
      return <ChannelName id={node.id} label={node.label} />;
    case 'everybody':
      return <span className="mention">{node.label}</span>;
    case 'date':
      return <DateWords node={node} />;
  }
}

export function Emoji({ name }: { name: string }) {
  const picture = EMOJI[name.split('::')[0] ?? name];
  return picture ? (
    <span role="img" aria-label={name.replaceAll('_', ' ')}>
      {picture}
    </span>
  ) : (
    `:${name}:`
  );
}

function Link({ url, children }: { url: string; children: ReactNode }) {
  const { person } = useContext(Reader);
  const inside = followLink(url, person);
  if (inside) {
    return (
      <button type="button" className="link" onClick={inside.go}>
        {inside.icon && <Icon name={inside.icon} size={13} />}
        {children}
      </button>
    );
  }
  if (!/^(https?|mailto):/i.test(url)) return <span>{children}</span>;
  return (
    <a href={url} target="_blank" rel="noopener noreferrer">
      {children}
    </a>
  );
}

function Mention({ id }: { id: string }) {
  const { person } = useContext(Reader);
  const user = useEntity('user', id);
  return <span className={id === person ? 'mention mine' : 'mention'}>@{user?.realName ?? id}</span>;
}

function ChannelName({ id, label }: { id: string; label: string }) {
  const channel = useEntity('channel', id);
  return <span className="mention">#{channel?.name ?? (label || id)}</span>;
}

function DateWords({ node }: { node: Extract<Inline, { is: 'date' }> }) {
  const { zone } = useContext(Reader);
  const now = useNow(30_000);
  const words = Number.isFinite(node.at) ? dateWords(node.format, node.at * 1000, zone, now) : node.fallback;
  return node.url ? <Link url={node.url}>{words}</Link> : <time title={node.fallback}>{words}</time>;
}
