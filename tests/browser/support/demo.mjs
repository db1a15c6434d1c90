// The demo as ./run demo serves it, on a port and a folder of its own.
//
//   const demo = await Demo.start();
//   demo.link('collection_lead')        // the log-in link it printed for that role
import { Server } from './process.mjs';
import { Product, binary, root } from './product.mjs';

export class Demo {
  static async start() {
    const demo = new Demo();
    // Longer than ./run a11y takes to come to the mails that wait.
    const product = await Product.make('demo', { DESK_GRACE_MINUTES: '60' });
    product.settings.SMTP_URL = `spool:${product.folder}/mails`;
    demo.url = product.url;
    demo.product = product;
    demo.server = new Server(binary, ['demo'], { cwd: root, env: product.environment });
    await demo.server.until(
      'the demo to be filled and to answer',
      async () => {
        const answer = await fetch(`${demo.url}/health`).catch(() => null);
        return answer?.ok;
      },
      300_000,
    );
    const printed = await demo.server.until('the log-in links', (said) => {
      const lines = [...said.matchAll(/^([a-z_]+): (http\S+)$/gm)];
      return lines.length > 0 ? lines : null;
    });
    demo.links = printed.map(([, role, link]) => [role, link]);
    return demo;
  }

  link(role) {
    const found = this.links.find(([one]) => one === role);
    if (!found)
      throw new Error(`Expected the demo to print a link for ${role}:\n${this.server.said}`);
    return found[1];
  }

  stop() {
    return this.server.stop();
  }
}
