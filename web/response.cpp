#include "web/response.h"

#include <algorithm>
#include <cctype>
#include <stdexcept>

#include "web/text.h"

namespace aiguillage::web {

namespace {

void RefuseLineEnds(const std::string& value) {
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && byte != '\t') || byte == 0x7F) {
      throw std::invalid_argument("Expected a header value of one line, but it holds a control");
    }
  }
}

bool SameName(const std::string& a, const std::string& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char one, char other) {
    return std::tolower(static_cast<unsigned char>(one)) ==
           std::tolower(static_cast<unsigned char>(other));
  });
}

}  // namespace

Response& Response::Header(const std::string& name, const std::string& value) {
  RefuseLineEnds(name);
  RefuseLineEnds(value);
  std::erase_if(headers, [&](const auto& header) { return SameName(header.first, name); });
  headers.emplace_back(name, value);
  return *this;
}

const std::string* Response::FindHeader(const std::string& name) const {
  for (const auto& header : headers) {
    if (SameName(header.first, name)) return &header.second;
  }
  return nullptr;
}

Response& Response::Cookie(const std::string& name, const std::string& value, int max_age_s) {
  const bool plain = std::all_of(value.begin(), value.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_';
  });
  if (!plain) throw std::invalid_argument("Expected a base64url cookie value, but it has others");
  std::string cookie = "__Host-" + name + "=" + value + "; Path=/; Secure; HttpOnly; SameSite=Lax";
  if (max_age_s >= 0) cookie += "; Max-Age=" + std::to_string(max_age_s);
  cookies.push_back(std::move(cookie));
  return *this;
}

Response Html(int status, std::string body) {
  Response response;
  response.status = status;
  response.body = std::move(body);
  return response;
}

Response Text(int status, std::string body) {
  Response response = Html(status, std::move(body));
  response.type = "text/plain; charset=utf-8";
  return response;
}

Response Json(int status, std::string body) {
  Response response = Html(status, std::move(body));
  response.type = "application/json";
  return response;
}

Response SeeOther(const std::string& path) {
  Response response = Html(303, "");
  response.Header("Location", OwnPath(path));
  return response;
}

std::string OwnPath(const std::string& path) {
  if (path.empty() || path[0] != '/' || path.size() > 2000) return "/";
  if (path.size() > 1 && (path[1] == '/' || path[1] == '\\')) return "/";
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte <= 0x20 || byte >= 0x7F || c == '\\') return "/";
  }
  return path;
}

const char* ReasonOf(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 303:
      return "See Other";
    case 304:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 411:
      return "Length Required";
    case 413:
      return "Content Too Large";
    case 414:
      return "URI Too Long";
    case 415:
      return "Unsupported Media Type";
    case 422:
      return "Unprocessable Content";
    case 423:
      return "Locked";
    case 429:
      return "Too Many Requests";
    case 503:
      return "Service Unavailable";
    default:
      return "Internal Server Error";
  }
}

void Secure(Response& response, bool https) {
  if (response.FindHeader("Content-Security-Policy") == nullptr) {
    response.Header(
        "Content-Security-Policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; "
        "font-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'");
  }
  response.Header("X-Content-Type-Options", "nosniff");
  response.Header("Referrer-Policy", "same-origin");
  response.Header("Cross-Origin-Resource-Policy", "same-origin");
  response.Header("Cross-Origin-Opener-Policy", "same-origin");
  response.Header("Permissions-Policy", "camera=(), microphone=(), geolocation=()");
  if (response.FindHeader("Cache-Control") == nullptr) response.Header("Cache-Control", "no-store");
  if (https) {
    response.Header("Strict-Transport-Security", "max-age=63072000; includeSubDomains");
  }
}

std::string AttachmentOf(const std::string& file_name) {
  std::string plain;
  for (const char c : file_name) {
    const auto byte = static_cast<unsigned char>(c);
    const bool safe = byte >= 0x20 && byte < 0x7F && c != '"' && c != '\\' && c != '/' && c != '%';
    plain += safe ? c : '_';
  }
  return "attachment; filename=\"" + plain + "\"; filename*=UTF-8''" + PercentEncode(file_name);
}

}  // namespace aiguillage::web
