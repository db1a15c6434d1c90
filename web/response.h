// An answer, as our own value. Only server.cpp turns it into bytes on the wire.
//
//   return Html(200, page);          return SeeOther("/projets/AIG-2026-0042");
//
// Header and cookie values with a line end in them are refused here (std::invalid_argument): Poco
// would write them as they are, and a second header with them.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace aiguillage::web {

struct Response {
  int status = 200;
  std::string type = "text/html; charset=utf-8";
  std::string body;
  std::optional<std::string> file;  // sent instead of the body, from disk
  std::vector<std::pair<std::string, std::string>> headers;
  std::vector<std::string> cookies;  // whole Set-Cookie values

  Response& Header(const std::string& name, const std::string& value);  // replaces
  const std::string* FindHeader(const std::string& name) const;
  // __Host- cookies: Secure, HttpOnly, SameSite=Lax, Path=/. max_age 0 forgets it, -1 = this visit.
  Response& Cookie(const std::string& name, const std::string& value, int max_age_s = -1);
};

Response Html(int status, std::string body);
Response Text(int status, std::string body);
Response Json(int status, std::string body);
// 303 to one of our own paths; anything else goes to "/".
Response SeeOther(const std::string& path);
// "/projets?x=1" stays; "//evil", "https://…", "/\evil", control characters become "/".
std::string OwnPath(const std::string& path);

const char* ReasonOf(int status);
// The headers every answer carries, errors included. A handler's stricter CSP is kept.
void Secure(Response& response, bool https);
// attachment; with an ASCII fallback and RFC 6266's filename*.
std::string AttachmentOf(const std::string& file_name);

}  // namespace aiguillage::web
