// Programs to start from, for the router and the realm that the page talks to. Each of them
// registers com.example.add, calls it, and hears what the page publishes to com.example.news.

/** { name, code({ websocket, rawsocket, realm }) } for every client. */
export const SNIPPETS = [
  {
    name: 'Shell',
    code: ({ websocket, realm }) => `# from the folder of Tandem; each command has --help
./tandem register --url ${websocket} --realm ${realm} com.example.date --exec date
./tandem call --url ${websocket} --realm ${realm} com.example.add 2 3
./tandem subscribe --url ${websocket} --realm ${realm} com.example.news
./tandem publish --url ${websocket} --realm ${realm} --acknowledge com.example.news hello
`,
  },
  {
    name: 'AutobahnJS',
    code: ({ websocket, realm }) => `// npm install autobahn
const autobahn = require('autobahn');

const connection = new autobahn.Connection({ url: '${websocket}', realm: '${realm}' });
connection.onopen = async (session) => {
  await session.subscribe('com.example.news', (args, kwargs) => console.log('news', args, kwargs));
  await session.register('com.example.add', ([a, b]) => a + b);
  console.log(await session.call('com.example.add', [2, 3]));
  await session.publish('com.example.news', ['hello'], {}, { acknowledge: true });
};
connection.open();
`,
  },
  {
    name: 'wampy',
    code: ({ websocket, realm }) => `// npm install wampy ws
import { Wampy } from 'wampy';
import WebSocket from 'ws';

const wampy = new Wampy('${websocket}', { realm: '${realm}', ws: WebSocket });
await wampy.connect();
await wampy.subscribe('com.example.news', ({ argsList }) => console.log('news', argsList));
await wampy.register('com.example.add', ({ argsList: [a, b] }) => [a + b]);
console.log((await wampy.call('com.example.add', [2, 3])).argsList);
await wampy.publish('com.example.news', ['hello']);
`,
  },
  {
    name: 'Autobahn-Python',
    code: ({ websocket, realm }) => `# pip install autobahn
from autobahn.asyncio.component import Component, run
from autobahn.wamp.types import PublishOptions

component = Component(transports="${websocket}", realm="${realm}")


@component.on_join
async def joined(session, details):
    await session.subscribe(lambda *args, **kwargs: print("news", args, kwargs), "com.example.news")
    await session.register(lambda a, b: a + b, "com.example.add")
    print(await session.call("com.example.add", 2, 3))
    await session.publish("com.example.news", "hello", options=PublishOptions(acknowledge=True))


run([component])
`,
  },
  {
    name: 'Java',
    code: ({ websocket, realm }) => `// io.tandem:tandem-client
import io.tandem.client.Arguments;
import io.tandem.client.ClientOptions;
import io.tandem.client.ClientSession;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

public class TryTandem {
  public static void main(String[] args) {
    ClientSession.connect(Vertx.vertx(), ClientOptions.to("${websocket}", "${realm}"))
        .compose(
            session ->
                session
                    .subscribe("com.example.news", event -> System.out.println(event.arguments()))
                    .compose(subscribed -> session.register("com.example.add", TryTandem::add))
                    .compose(registered -> session.call("com.example.add", Arguments.of(2, 3))))
        .onSuccess(System.out::println)
        .onFailure(Throwable::printStackTrace);
  }

  private static Future<Arguments> add(io.tandem.client.Invocation call) {
    long sum = call.arguments().arg(0, Long.class) + call.arguments().arg(1, Long.class);
    return Future.succeededFuture(Arguments.of(sum));
  }
}
`,
  },
];
