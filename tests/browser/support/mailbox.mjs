// What the SMTP server received: one .eml file a message, read as a person's mail program would.
//
//   const mailbox = await Mailbox.open(folder);     // mailbox.settings -> SMTP_URL for the product
//   const mail = await mailbox.next('lead@…', 'Un cadrage attend');
//   mail.text, mail.links, mail.subject, mail.to, mail.id
import { existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { Server, waitFor } from './process.mjs';
import { root } from './product.mjs';

const words = {
  'quoted-printable': (bytes) => {
    const text = bytes
      .toString('latin1')
      .replace(/=\r?\n/g, '')
      .replace(/=([0-9A-Fa-f]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
    return Buffer.from(text, 'latin1').toString('utf8');
  },
  base64: (bytes) => Buffer.from(bytes.toString('latin1'), 'base64').toString('utf8'),
  plain: (bytes) => bytes.toString('utf8'),
};

// RFC 2047: « =?utf-8?Q?…?= », neighbours joined.
function decodeHeader(value) {
  return value
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?utf-8\?([QqBb])\?([^?]*)\?=/gi, (_, how, text) => {
      if (how.toUpperCase() === 'B') return `\0${Buffer.from(text, 'base64').toString('latin1')}\0`;
      const bytes = text
        .replace(/_/g, ' ')
        .replace(/=([0-9A-Fa-f]{2})/g, (_hex, hex) => String.fromCharCode(parseInt(hex, 16)));
      return `\0${bytes}\0`;
    })
    .replace(/\0\0/g, '')
    .replace(/\0([^\0]*)\0/g, (_, bytes) => Buffer.from(bytes, 'latin1').toString('utf8'));
}

// Header block and body of a message or of one of its parts (bytes as latin1 text).
function split(text) {
  const [, head, body] = text.match(/^([\s\S]*?)\r?\n\r?\n([\s\S]*)$/) ?? [null, text, ''];
  const headers = {};
  for (const line of head.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)) {
    const colon = line.indexOf(':');
    if (colon > 0) headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  return { headers, body };
}

function parts(text) {
  const { headers, body } = split(text);
  const boundary = headers['content-type']?.match(/boundary="?([^";]+)"?/i)?.[1];
  if (boundary) {
    return body
      .split(`--${boundary}`)
      .slice(1, -1)
      .flatMap((part) => parts(part.replace(/^\r?\n/, '')));
  }
  const decode = words[headers['content-transfer-encoding']?.toLowerCase()] ?? words.plain;
  return [
    { type: headers['content-type'] ?? 'text/plain', text: decode(Buffer.from(body, 'latin1')) },
  ];
}

export function readMail(bytes) {
  const text = bytes.toString('latin1');
  const { headers } = split(text);
  const found = parts(text);
  const plain = found.find((part) => part.type.startsWith('text/plain'))?.text ?? '';
  const html = found.find((part) => part.type.startsWith('text/html'))?.text ?? '';
  const addresses = (line) => (line ?? '').match(/[^\s<>,;]+@[^\s<>,;]+/g) ?? [];
  return {
    headers,
    subject: decodeHeader(headers.subject ?? ''),
    to: addresses(headers.to),
    id: headers['message-id'] ?? '',
    text: plain.replace(/\r\n/g, '\n'),
    html,
    links: plain.match(/https?:\/\/[^\s<>"]+/g) ?? [],
  };
}

export class Mailbox {
  static async open(folder) {
    const mailbox = new Mailbox();
    mailbox.folder = folder;
    mkdirSync(folder, { recursive: true });
    const script = join(root, 'tests/support/smtp_sink.py');
    if (!existsSync(script)) throw new Error(`Expected the SMTP server at ${script}`);
    mailbox.server = new Server('/usr/bin/python3', [script, folder]);
    const port = await mailbox.server.until(
      'the SMTP server to listen',
      (said) => said.match(/^(\d+)$/m)?.[1],
    );
    mailbox.settings = { SMTP_URL: `smtp://127.0.0.1:${port}` };
    mailbox.read = new Set();
    return mailbox;
  }

  // Every message so far, oldest first.
  all() {
    return readdirSync(this.folder)
      .filter((file) => file.endsWith('.eml'))
      .sort()
      .map((file) => {
        const path = join(this.folder, file);
        const envelope = JSON.parse(readFileSync(path.replace(/eml$/, 'json'), 'utf8'));
        return { file, envelope: envelope.to, ...readMail(readFileSync(path)) };
      });
  }

  // The next message to this person, not yet read, whose subject or text says `what`.
  async next(person, what, timeoutMs = 30_000) {
    const mail = await waitFor(
      `a mail to ${person} about « ${what} »`,
      () =>
        this.all().find(
          (one) =>
            !this.read.has(one.file) &&
            one.to.includes(person) &&
            (one.subject.includes(what) || one.text.includes(what)),
        ),
      timeoutMs,
      () =>
        `Received: ${this.all()
          .map((one) => `${one.to}: ${one.subject}`)
          .join(' | ')}`,
    );
    this.read.add(mail.file);
    return mail;
  }

  stop() {
    return this.server.stop();
  }
}
