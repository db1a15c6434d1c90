#include "notifications/transport.h"

#include <algorithm>
#include <cctype>
#include <string_view>

#include "notifications/smtp.h"
#include "notifications/spool.h"

namespace aiguillage::notifications {
namespace {

// HOST or HOST:PORT, nothing else: a path would become our greeting, a user name a log-in.
bool IsServer(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) ||
           std::string_view(".-:[]").find(c) != std::string_view::npos;
  });
}

}  // namespace

engine::Outcome<std::unique_ptr<MailTransport>> OpenTransport(const TransportOptions& options) {
  const std::string_view url(options.url);
  if (url.starts_with("spool:") && url.size() > 6) {
    return std::unique_ptr<MailTransport>(
        std::make_unique<SpoolTransport>(std::string(url.substr(6))));
  }
  for (const std::string_view scheme : {"smtp://", "smtps://"}) {
    if (url.starts_with(scheme) && IsServer(url.substr(scheme.size()))) {
      return std::unique_ptr<MailTransport>(std::make_unique<SmtpTransport>(options));
    }
  }
  return engine::Refusal{"transport",
                         "smtp.url : attendu smtp://HÔTE:PORT, smtps://HÔTE:PORT ou "
                         "spool:DOSSIER, reçu « " +
                             options.url + " »",
                         {}};
}

}  // namespace aiguillage::notifications
