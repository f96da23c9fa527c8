/** HELP: what commands there are (modern-irc HELP). */
import type { Command, Handler } from './command.ts';
import { packed } from './packed.ts';

/** Octets of a line that are left free, so that it is no wider than a terminal. */
const FREE = 440;

/** HELP on the commands of a table. */
export function helpOn(commands: () => Iterable<Command>): Handler {
  return (client, { params: [subject = ''] }, world) => {
    const all = [...commands()];
    const asked = subject.toUpperCase();
    const command = all.find(({ name }) => name === asked);
    if (subject !== '' && !command) {
      world.reply(client, 'ERR_HELPNOTFOUND', subject);
      return;
    }
    const topic = command ? subject : '*';
    const [title, ...text] = command
      ? [`** ${command.name} **`, `${command.name} ${command.help[0]}`.trimEnd(), command.help[1]]
      : [
          '** The commands of this server **',
          ...packed(
            all.map(({ name }) => name),
            FREE,
          ),
          'HELP <command> tells more',
        ];
    const last = text.pop() ?? '';
    world.reply(client, 'RPL_HELPSTART', topic, title ?? '');
    for (const line of ['', ...text]) world.reply(client, 'RPL_HELPTXT', topic, line);
    world.reply(client, 'RPL_ENDOFHELP', topic, last);
  };
}
