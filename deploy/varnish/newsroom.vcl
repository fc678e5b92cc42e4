# The cache in front of the site: Varnish 7 with the vmods xkey and var (Debian: varnish, varnish-modules).
#
# A page is cached if the application says so with Surrogate-Control. When the page's content changes, the application
# purges it by its surrogate keys (newsroom/http/purge.py). Everything else passes. Public pages are fetched without
# cookies: a private page can never be cached, and signed-in readers get cached pages too.
#
# `backend.vcl`, beside this file or in Varnish's path, holds the application's address:
#     backend application { .host = "127.0.0.1"; .port = "8000"; .probe = ready; }
#
# Start it with two listeners, one for readers, and one for purges that only the application can reach:
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
    # A page being rendered at this moment may still show the old content: see vcl_backend_response.
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
    # Hold the body until it is complete, so that who sends it slowly keeps a thread of the cache busy and none of the
    # application's. The limits are those of newsroom/http/request_body.py. Only the application knows who may send
    # files: it asks before it reads. When cache_req_body fails, Varnish closes the connection without an answer.
    set req.storage = storage.requests;
    if (req.url ~ "^/admin/(articles/photo|newsroom/advertisement)/(upload|add|[^/]+/change)/") {
      return (pass);
    }
    if (req.url ~ "^/stripe/webhook/") {
      if (std.integer(req.http.Content-Length, 0) > 1000000 || !std.cache_req_body(1000000B)) {
        return (synth(413));
      }
    } elseif (std.integer(req.http.Content-Length, 0) > 3000000 || !std.cache_req_body(3000000B)) {
      return (synth(413));
    }
    return (pass);
  }

  # Private pages. A test compares this list with the application's URLs. One expression, because each further one
  # would slow down every request.
  if (req.url ~ {"(?x) ^/ (
      (admin|account|accounts|overlay|out|stripe|healthz|readyz|metrics) (/|$|\?)
    | articles/ (preview/ | [^/]+/ (read|whole)/)
    | comments/ ((mine|mail|leave|forget-me|confirm|unfollow)/ | [^/]+/ (reply|edit|delete|report)/)
    | support/ (subscribe|donate|thanks|manage|pay|change|statement|receipts)/
  )"}) {
    return (pass);
  }

  set req.http.X-Public = "1";
  unset req.http.Cookie;
  unset req.http.Authorization;

  # One cache entry for each page: drop query parameters that no public page reads (a test checks this list), sort the
  # others, drop a fragment (browsers send none), and normalize the host's case and port.
  if (req.url ~ "[?#]") {
    set req.url = regsub(req.url, "#.*$", "");
    set req.url = regsuball(req.url, "(?<=[?&])(?!(after|author|before|from|order|page|q|section|since|until)=)[^&]*(&|$)", "");
    set req.url = regsub(std.querysort(req.url), "[?&]+$", "");
  }
  if (req.http.Host ~ "[A-Z:]") {
    set req.http.Host = regsub(std.tolower(req.http.Host), ":[0-9]+$", "");
  }

  # While the application is healthy, an expired page may be served once while a fresh one is fetched, unless the page
  # forbids it (vcl_hit). While it is not healthy, an expired page is better than an error.
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
  # An error never replaces a cached page: see vcl_synth.
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
    # Something was purged while this page was being rendered, perhaps its content: fetch it again, once.
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
  # Not cacheable. For two minutes (hit-for-miss), requests for it do not wait for one another.
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
  # The application fails, and the probe has not noticed yet: serve a cached page however old, and if there is none,
  # the application's second response.
  if (resp.status == 503 && req.http.X-Public && !req.http.X-At-All) {
    set req.http.X-At-All = "1";
    return (restart);
  }
  if (resp.status == 413) {
    set resp.http.Content-Type = "text/html; charset=utf-8";
    set resp.http.Cache-Control = "no-store";
    synthetic({"<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Not received</title>
<h1>That was too much at once, or it did not arrive as a whole</h1>
<p>Nothing of it was stored. Go back: your browser still has what you typed. Send it again, or less of it.
<a href="/">The front page</a></p>
"});
    return (deliver);
  }
}
