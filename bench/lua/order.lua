-- Orders of distinct, logged-in buyers: each request is another buyer's, with his own session, address and order id.
-- Arguments: path, quote token, total in fen, product variant, first buyer, how many buyers, asks per buyer, seed.
local count = 0
local threads = {}

function setup(thread)
  thread:set("index", count)
  count = count + 1
  table.insert(threads, thread)
end

local function hex(n)
  return string.format("%0" .. n .. "x", math.random(0, 16 ^ n - 1))
end

local function uuid()
  return hex(6) .. hex(2) .. "-" .. hex(4) .. "-4" .. hex(3) .. "-a" .. hex(3) .. "-" .. hex(6) .. hex(6)
end

function init(args)
  path, token, total, variant = args[1], args[2], args[3], args[4]
  first, buyers, asks = tonumber(args[5]), tonumber(args[6]), tonumber(args[7])
  math.randomseed(tonumber(args[8]) + index)
  at, asked = index, 0
  tail = string.format('"quote_token":"%s","expected_total_fen":%s}', token, total)
end

-- Threads share the buyers by turns of two; who has asked often enough leaves the queue to the next.
function request()
  if at >= buyers then
    return wrk.format("GET", "/health/live")
  end
  local buyer = first + at
  asked = asked + 1
  if asked >= asks then
    at, asked = at + 2, 0
  end
  local body = string.format('{"from":{"variant_id":"%s","quantity":1},"delivery":"express",'
    .. '"address_id":"00000000-0000-7000-9000-%012x",%s', variant, buyer, tail)
  local headers = {
    ["authorization"] = string.format("Bearer buyer%059x", buyer),
    ["content-type"] = "application/json",
  }
  return wrk.format("PUT", path .. "/orders/" .. uuid(), headers, body)
end

function done(summary, latency, requests)
  io.write(string.format('\n@{"requests":%d,"seconds":%f,"refused":%d,"broken":%d,"p50":%f,"p99":%f,"most":%f}\n',
    summary.requests, summary.duration / 1e6, summary.errors.status,
    summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3, latency.max / 1e3))
end
