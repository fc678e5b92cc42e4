# The cache in front of the site: Varnish 7 with the vmods xkey and var (Debian: varnish, varnish-modules).
#
# A page is kept because the application says so (Surrogate-Control), until what it shows has changed: then the
# application names the keys to drop (newsroom/http/purge.py). Everything else is handed through. Public pages are asked for
# without cookies, so nobody's own page can ever be kept, and who is signed in gets cached pages too.
#
# `backend.vcl`, beside this file or in Varnish's path, holds the application's address:
#     backend application { .host = "127.0.0.1"; .port = "8000"; .probe = ready; }
#
# Start it with two doors, one for readers, and one for purges, which nobody else can reach:
#     varnishd -a readers=:6081,HTTP -a purges=127.0.0.1:6082,HTTP -f newsroom.vcl …
vcl 4.1;

import std;
import var;
import xkey;

probe ready {
  .url = "/readyz";
  .interval = 1s;
  .timeout = 1s;
  .window = 4;
  .threshold = 3;
}

include "backend.vcl";

sub vcl_recv {
  if (local.socket == "purges") {
    if (req.method != "PURGE" || !req.http.Surrogate-Key) {
      return (synth(405));
    }
    # Pages that are being made at this moment may show what was: see vcl_backend_response.
    if (req.http.Soft == "1") {
      xkey.softpurge(req.http.Surrogate-Key);
    } else {
      var.global_set("purged", std.time2real(now, 0.0));
      xkey.purge(req.http.Surrogate-Key);
    }
    return (synth(200));
  }

  if (req.restarts == 0) {
    unset req.http.X-Public;
    unset req.http.X-Not-Older;
    unset req.http.X-At-All;
    unset req.http.Proxy;
  }
  if (req.method != "GET" && req.method != "HEAD") {
    if (req.method !~ "^(POST|PUT|DELETE|OPTIONS)$") {
      return (synth(405));
    }
    return (pass);
  }

  # What is a person's own. A test holds this list against the application's addresses. One expression, as each costs
  # every page a moment.
  if (req.url ~ {"(?x) ^/ (
      (admin|account|accounts|overlay|out|stripe|healthz|readyz|metrics) (/|$|\?)
    | articles/ (preview/ | [^/]+/ (read|whole)/)
    | comments/ ((mine|mail|leave|forget-me|confirm|unfollow)/ | [^/]+/ (reply|edit|delete|report)/)
    | support/ (subscribe|donate|thanks|manage|receipts)/
  )"}) {
    return (pass);
  }

  set req.http.X-Public = "1";
  unset req.http.Cookie;
  unset req.http.Authorization;

  # One page, one entry: only parameters that a public page reads, in one order (a test holds this list too); without a
  # fragment, which no browser sends; and however the site's name is written, whatever port is said to belong to it.
  if (req.url ~ "[?#]") {
    set req.url = regsub(req.url, "#.*$", "");
    set req.url = regsuball(req.url, "(?<=[?&])(?!(after|author|before|from|order|page|q|section|since|until)=)[^&]*(&|$)", "");
    set req.url = regsub(std.querysort(req.url), "[?&]+$", "");
  }
  if (req.http.Host ~ "[A-Z:]") {
    set req.http.Host = regsub(std.tolower(req.http.Host), ":[0-9]+$", "");
  }

  # While the application is well, a page may be a little too old, once, while it is asked for anew; if the page has a
  # moment of its own, not even that (vcl_hit). While the application is not well, what there is has to do.
  if (req.http.X-At-All || !std.healthy(req.backend_hint)) {
    set req.http.X-At-All = "1";
    set req.grace = 48h;
  } else if (req.http.X-Not-Older) {
    set req.grace = 0s;
  } else {
    set req.grace = 60s;
  }
  return (hash);
}

sub vcl_hit {
  if (
    obj.ttl < 0s && !req.http.X-At-All && !req.http.X-Not-Older &&
    obj.http.Surrogate-Control ~ "stale-while-revalidate=0\b"
  ) {
    set req.http.X-Not-Older = "1";
    return (restart);
  }
  return (deliver);
}

sub vcl_backend_fetch {
  unset bereq.http.X-Public;
  unset bereq.http.X-Not-Older;
  set bereq.http.X-Began = std.time2real(now, 0.0);
}

sub vcl_backend_response {
  unset beresp.http.Server;
  if (bereq.uncacheable) {
    return (deliver);
  }
  # Nothing worse takes the place of what is kept: see vcl_synth.
  if (beresp.status >= 500) {
    if (bereq.is_bgfetch || !bereq.http.X-At-All) {
      return (abandon);
    }
    set beresp.uncacheable = true;
    set beresp.ttl = 0s;
    return (deliver);
  }
  if (bereq.url ~ "^/(static|media)/") {
    unset beresp.http.Set-Cookie;
    if (beresp.status == 200 && beresp.http.Cache-Control ~ "immutable") {
      set beresp.ttl = 1h;
      set beresp.grace = 24h;
      return (deliver);
    }
  } else if (beresp.http.Surrogate-Control ~ "max-age=\d+" && !beresp.http.Set-Cookie) {
    # Something was purged while this page was being made, perhaps what it shows: it is made again.
    if (std.real(bereq.http.X-Began, 0.0) <= std.real(var.global_get("purged"), 0.0)) {
      if (bereq.retries == 0) {
        return (retry);
      }
      set beresp.ttl = 1s;
      set beresp.grace = 0s;
    } else {
      set beresp.ttl = std.duration(regsub(beresp.http.Surrogate-Control, "^.*max-age=(\d+).*$", "\1s"), 0s);
      set beresp.grace = std.duration(regsub(beresp.http.Surrogate-Control, "^.*stale-if-error=(\d+).*$", "\1s"), 0s);
    }
    set beresp.http.xkey = beresp.http.Surrogate-Key;
    unset beresp.http.Surrogate-Key;
    set beresp.http.Vary = "Accept-Encoding";
    return (deliver);
  }
  # Not to be kept; and for two minutes nobody waits to see whether the next answer is.
  set beresp.uncacheable = true;
  set beresp.ttl = 120s;
  return (deliver);
}

sub vcl_backend_error {
  if (bereq.is_bgfetch || !(bereq.uncacheable || bereq.http.X-At-All)) {
    return (abandon);
  }
  unset beresp.http.Server;
  set beresp.http.Content-Type = "text/html; charset=utf-8";
  set beresp.http.Cache-Control = "no-store";
  set beresp.http.Retry-After = "30";
  synthetic({"<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Not just now</title>
<h1>We cannot show this page just now</h1>
<p>The site is being mended or started again. Nothing that you sent and that was confirmed is lost.
Please try again in a minute. <a href="/">The front page</a> may well be there.</p>
"});
  return (deliver);
}

sub vcl_deliver {
  unset resp.http.Surrogate-Control;
  unset resp.http.Surrogate-Key;
  unset resp.http.xkey;
  unset resp.http.Via;
  unset resp.http.X-Varnish;
}

sub vcl_synth {
  # The application fails, and nobody has noticed yet: what is kept, however old it may be by its own rules; and where
  # nothing is kept, whatever the application says the second time.
  if (resp.status == 503 && req.http.X-Public && !req.http.X-At-All) {
    set req.http.X-At-All = "1";
    return (restart);
  }
}
