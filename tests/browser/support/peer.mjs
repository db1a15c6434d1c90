// The stand-in of Démarches Simplifiées that DS_PEER_DIR names, copied and started on a free port.
//
//   const peer = await Peer.start(2, 12);          // seed, dossiers; throws Skip where it cannot run
//   peer.settings                                  // DS_ENDPOINT, DS_TOKEN, … for the product
//   await peer.admin('GET', 'dossiers/20000007')
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { Server } from './process.mjs';
import { root } from './product.mjs';
import { Skip } from './report.mjs';

// One copy a run, with its own node_modules.
function prepared() {
  const source = process.env.DS_PEER_DIR;
  if (!source) throw new Skip('DS_PEER_DIR is not set: no Démarches Simplifiées to talk to');
  if (Number(process.versions.node.split('.')[0]) < 20) {
    throw new Skip(`the DS peer wants Node 20, this is ${process.version}`);
  }
  const copy = join(root, 'build/ds-peer');
  mkdirSync(copy, { recursive: true });
  cpSync(source, copy, { recursive: true, filter: (path) => !path.includes('node_modules') });
  if (!existsSync(join(copy, 'node_modules/graphql'))) {
    const done = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
      cwd: copy,
      encoding: 'utf8',
    });
    if (done.status !== 0) throw new Error(`npm ci of the DS peer failed:\n${done.stderr}`);
  }
  return { copy, schema: join(source, '../schema.graphql') };
}

// `members` of a groupe are places in the list of instructeurs.
function agentOfEveryGroup(state) {
  const place = state.instructeurs.findIndex((_, i) =>
    state.groupes.every((groupe) => groupe.members.includes(i)),
  );
  return state.instructeurs[place].email;
}

export class Peer {
  static async start(seed, dossiers) {
    const { copy, schema } = prepared();
    const peer = new Peer();
    peer.server = new Server(
      process.execPath,
      ['server.mjs', '--port', '0', '--seed', String(seed), '--dossiers', String(dossiers)],
      { cwd: copy, env: { ...process.env, DS_SCHEMA: schema } },
    );
    const line = await peer.server.until(
      'the DS peer to listen',
      (said) => said.match(/^\{.*"listening".*\}$/m)?.[0],
    );
    Object.assign(peer, JSON.parse(line));
    return peer;
  }

  async admin(method, path, body) {
    const answer = await fetch(`${this.listening}/_admin/${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const document = await answer.json();
    if (!answer.ok)
      throw new Error(`The DS peer refused ${method} ${path}: ${JSON.stringify(document)}`);
    return document;
  }

  // Somebody of every groupe, so that each dossier can be decided.
  async settings() {
    const state = await this.admin('GET', 'state');
    return {
      DS_ENDPOINT: this.endpoint,
      DS_TOKEN: this.token,
      DS_DEMARCHE: String(this.demarche),
      DS_INSTRUCTEUR: agentOfEveryGroup(state),
    };
  }

  stop() {
    return this.server.stop();
  }
}
