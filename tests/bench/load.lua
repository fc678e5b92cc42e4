-- For wrk: sends the requests of a file, one after the other and from the start again. They are parted by a NUL.
local requests, last = {}, 0

function init(args)
  local file = assert(io.open(args[1], "rb"))
  for raw in file:read("*a"):gmatch("[^%z]+") do requests[#requests + 1] = raw end
  file:close()
end

function request()
  last = last % #requests + 1
  return requests[last]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format("RESULT %d %d %d %.0f %.0f\n", summary.requests, summary.duration,
    errors.connect + errors.read + errors.write + errors.timeout + errors.status,
    latency:percentile(50), latency:percentile(99)))
end
