// A request as the pages see it: our own values, decoded and checked once. Raw addresses and
// headers stop here.
//
//   "GET /projets//AIG-2026-0042/?onglet=journal" -> path "/projets/AIG-2026-0042",
//                                                    Query("onglet") == "journal"
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "web/text.h"

namespace aiguillage::web {

// A refusal on its way to the error page. `sentence` is French and may be shown as it is.
class HttpError : public std::runtime_error {
 public:
  HttpError(int status, std::string sentence)
      : std::runtime_error(sentence), status_(status), sentence_(std::move(sentence)) {}
  int status() const { return status_; }
  const std::string& sentence() const { return sentence_; }

 private:
  int status_;
  std::string sentence_;
};

// Everything has a limit.
inline constexpr std::size_t kFieldsMax = 3000;
inline constexpr std::size_t kFieldBytesMax = 200 * 1024;
inline constexpr std::size_t kFormBytesMax = 4 * 1024 * 1024;
inline constexpr std::size_t kFileBytesMax = 20 * 1024 * 1024;
inline constexpr std::size_t kUploadBytesMax = 64 * 1024 * 1024;
inline constexpr std::size_t kUploadsMax = 20;

// What the wire gave before the body.
struct RequestHead {
  std::string method;  // as sent
  std::string uri;     // path and query, as sent
  Fields headers;      // in order, names as sent
  std::string client;  // address of the other end
};

// The body, asked for only when somebody wants it.
class BodySource {
 public:
  virtual ~BodySource() = default;
  // Bytes read, 0 at the end. May throw HttpError (too slow, broken).
  virtual std::size_t Read(char* into, std::size_t size) = 0;
};

// A file received, in a temporary file that goes when the request does.
struct Upload {
  std::string field;
  std::string name;  // as given: hostile, never a path
  std::string type;  // as announced: hostile
  std::shared_ptr<const std::string> path;
  std::size_t size = 0;
};

struct Request {
  std::string method;  // GET or POST; a HEAD is a GET whose body stays home
  std::string path;    // decoded, normalised, no trailing slash but "/"
  Fields query, fields;
  std::vector<Upload> uploads;
  std::map<std::string, std::string> headers;  // names in lower case
  std::map<std::string, std::string> cookies;
  std::string client;
  std::string raw_query;  // "?…" as sent, "" without: for coming back after log-in

  std::string Header(const std::string& name) const;
  std::string Cookie(const std::string& name) const;
  std::string Query(const std::string& name) const;  // first value, "" without
  std::string Field(const std::string& name) const;  // first value, "" without
  bool HasField(const std::string& name) const;
  bool HasBody() const;
};

// Two readings of one message are how requests are smuggled: anything ambiguous about where the
// body ends is refused (400), before the body is touched.
void CheckFraming(const RequestHead& head);
// Throws HttpError 400, 405, 414.
Request ReadHead(const RequestHead& head);
// Reads fields and files into the request. Throws HttpError 400, 413, 415.
void ReadBody(Request& request, BodySource& body, bool uploads_allowed);

}  // namespace aiguillage::web
