#include "web/request.h"

#include <algorithm>
#include <cctype>

#include "web/multipart.h"

namespace aiguillage::web {

namespace {

constexpr std::size_t kUriBytesMax = 8 * 1024;

std::string FirstOf(const Fields& fields, const std::string& name) {
  for (const auto& [key, value] : fields) {
    if (key == name) return value;
  }
  return "";
}

bool IsToken(const std::string& name) {
  static const std::string kMarks = "!#$%&'*+-.^_`|~";
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || kMarks.find(c) != std::string::npos;
  });
}

[[noreturn]] void Malformed() { throw HttpError(400, "La requête est mal formée."); }

// "/a//b/./c/" -> "/a/b/c"; ".." is refused rather than resolved: no page of ours writes one.
std::string Normalise(const std::string& decoded) {
  std::string path;
  std::string part;
  for (std::size_t i = 0; i <= decoded.size(); ++i) {
    if (i < decoded.size() && decoded[i] != '/') {
      part += decoded[i];
      continue;
    }
    if (part == ".." || part.find('\\') != std::string::npos) Malformed();
    if (!part.empty() && part != ".") path += "/" + part;
    part.clear();
  }
  return path.empty() ? "/" : path;
}

std::map<std::string, std::string> ParseCookies(const std::string& header) {
  std::map<std::string, std::string> cookies;
  std::size_t at = 0;
  while (at < header.size() && cookies.size() < 50) {
    const std::size_t end = std::min(header.find(';', at), header.size());
    const std::string pair = Trim(std::string_view(header).substr(at, end - at));
    const std::size_t equals = pair.find('=');
    if (equals != std::string::npos) {
      cookies.emplace(pair.substr(0, equals), pair.substr(equals + 1));
    }
    at = end + 1;
  }
  return cookies;
}

std::string ReadAll(BodySource& body, std::size_t limit) {
  std::string text;
  char chunk[16 * 1024];
  for (;;) {
    const std::size_t got = body.Read(chunk, sizeof chunk);
    if (got == 0) return text;
    if (text.size() + got > limit) throw HttpError(413, "Ce formulaire est trop volumineux.");
    text.append(chunk, got);
  }
}

}  // namespace

std::string Request::Header(const std::string& name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? "" : found->second;
}
std::string Request::Cookie(const std::string& name) const {
  const auto found = cookies.find(name);
  return found == cookies.end() ? "" : found->second;
}
std::string Request::Query(const std::string& name) const { return FirstOf(query, name); }
std::string Request::Field(const std::string& name) const { return FirstOf(fields, name); }
bool Request::HasField(const std::string& name) const {
  return std::any_of(fields.begin(), fields.end(), [&](const auto& f) { return f.first == name; });
}
bool Request::HasBody() const {
  const std::string length = Header("content-length");
  return headers.count("transfer-encoding") != 0 || (!length.empty() && length != "0");
}

void CheckFraming(const RequestHead& head) {
  int lengths = 0;
  int encodings = 0;
  for (const auto& [name, value] : head.headers) {
    if (!IsToken(name) || value.find_first_of("\r\n") != std::string::npos) Malformed();
    const std::string lower = Lower(name);
    if (lower == "content-length") {
      ++lengths;
      const bool digits = !value.empty() && value.size() <= 15 &&
                          value.find_first_not_of("0123456789") == std::string::npos;
      if (!digits) Malformed();
      if (std::stoull(value) > kUploadBytesMax) {
        throw HttpError(413, "L’envoi dépasse la taille permise.");
      }
    }
    if (lower == "transfer-encoding") {
      ++encodings;
      if (Lower(value) != "chunked") Malformed();
    }
  }
  if (lengths + encodings > 1) Malformed();
  if (head.method == "POST" && lengths + encodings == 0) {
    throw HttpError(411, "La longueur de l’envoi n’est pas dite.");
  }
}

Request ReadHead(const RequestHead& head) {
  CheckFraming(head);
  if (head.method != "GET" && head.method != "HEAD" && head.method != "POST") {
    throw HttpError(405, "Cette façon de demander la page n’existe pas ici.");
  }
  if (head.uri.size() > kUriBytesMax) throw HttpError(414, "Cette adresse est trop longue.");
  if (head.uri.empty() || head.uri[0] != '/') Malformed();
  Request request;
  request.method = head.method == "POST" ? "POST" : "GET";
  request.client = head.client;
  const std::size_t mark = std::min(head.uri.find('?'), head.uri.size());
  request.raw_query = head.uri.substr(mark);
  const auto path = PercentDecode(std::string_view(head.uri).substr(0, mark));
  if (!path || !IsCleanText(*path) || path->find_first_of("\r\n\t") != std::string::npos) {
    Malformed();
  }
  request.path = Normalise(*path);
  auto query =
      ParseUrlEncoded(request.raw_query.empty() ? std::string_view()
                                                : std::string_view(request.raw_query).substr(1),
                      200);
  if (!query) Malformed();
  request.query = std::move(*query);
  for (const auto& [name, value] : head.headers) request.headers[Lower(name)] = value;
  request.cookies = ParseCookies(request.Header("cookie"));
  return request;
}

void ReadBody(Request& request, BodySource& body, bool uploads_allowed) {
  const std::string type = request.Header("content-type");
  const std::string kind = Lower(Trim(std::string_view(type).substr(0, type.find(';'))));
  if (kind == "application/x-www-form-urlencoded") {
    auto fields = ParseUrlEncoded(ReadAll(body, kFormBytesMax), kFieldsMax);
    if (!fields) Malformed();
    request.fields = std::move(*fields);
  } else if (kind == "multipart/form-data" && uploads_allowed) {
    ReadMultipart(request, body, type);
  } else if (request.HasBody()) {
    throw HttpError(415, "Ce format d’envoi n’est pas accepté ici.");
  }
  for (const auto& [name, value] : request.fields) {
    if (name.size() > 200) Malformed();
    if (value.size() > kFieldBytesMax) {
      throw HttpError(413,
                      "Un des champs du formulaire est trop long (200 000 caractères au plus).");
    }
  }
}

}  // namespace aiguillage::web
