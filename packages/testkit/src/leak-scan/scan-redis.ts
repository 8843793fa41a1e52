import { Redis } from "ioredis";

/** Every key of a Redis with its value , read by its type. */
export async function* redisValues(url: string): AsyncGenerator<{ where: string; bytes: Buffer }> {
  const redis = new Redis(url);
  try {
    for await (const keys of redis.scanStream({ count: 500 }) as AsyncIterable<string[]>) {
      for (const key of keys) {
        yield { where: key, bytes: Buffer.concat([Buffer.from(key), ...(await cellsOf(redis, key))]) };
      }
    }
  } finally {
    redis.disconnect();
  }
}

async function cellsOf(redis: Redis, key: string): Promise<Buffer[]> {
  switch (await redis.type(key)) {
    case "string":
      return [(await redis.getBuffer(key)) ?? Buffer.alloc(0)];
    case "hash":
      return Object.values(await redis.hgetallBuffer(key));
    case "list":
      return redis.lrangeBuffer(key, 0, -1);
    case "set":
      return redis.smembersBuffer(key);
    case "zset":
      return redis.zrangeBuffer(key, "0", "-1");
    case "stream":
      return [Buffer.from(JSON.stringify(await redis.xrange(key, "-", "+")))];
    default:
      return [];
  }
}
