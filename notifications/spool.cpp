#include "notifications/spool.h"

#include <filesystem>
#include <fstream>
#include <system_error>

namespace aiguillage::notifications {

DeliveryResult SpoolTransport::Deliver(const MailMessage& mail) {
  namespace fs = std::filesystem;
  using Verdict = DeliveryResult::Verdict;
  const auto mime = ToMime(mail);
  if (!mime) return {Verdict::kRefused, 0, mime.refusal().sentence};
  // A checked Message-ID may still hold a slash.
  std::string name = mail.message_id.substr(1, mail.message_id.size() - 2);
  for (char& c : name) c = c == '/' ? '_' : c;
  const fs::path target = fs::path(directory_) / (name + ".eml");
  const fs::path part = fs::path(directory_) / ("." + name + ".part");
  std::error_code error;
  fs::create_directories(directory_, error);
  std::ofstream file(part, std::ios::binary);
  file << mime.value();
  file.close();
  if (!file) return {Verdict::kLater, 0, "Écriture impossible dans " + directory_, true};
  fs::rename(part, target, error);
  if (error) return {Verdict::kLater, 0, "Écriture impossible dans " + directory_, true};
  return {Verdict::kSent, 0, "Écrit dans " + target.filename().string()};
}

}  // namespace aiguillage::notifications
