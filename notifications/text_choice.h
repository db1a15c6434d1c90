// Which words a mail leaves with: the newest of its project's collection, else of the collection
// above, else of the whole call, else the definition's own.
//
//   ChosenText chosen = own_texts.Choose(session, project, call, "selected", mails);
//   chosen.Kit().Subject("selected", view)
//
// What can no longer serve (the rails changed under it) never leaves: the definition's words do,
// and `fell_back` tells the pilot.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "notifications/own_text.h"
#include "storage/calls.h"
#include "storage/database.h"
#include "storage/outbox.h"
#include "storage/projects.h"

namespace aiguillage::notifications {

struct ChosenText {
  const MailKit* rails = nullptr;      // the definition's
  std::shared_ptr<const MailKit> own;  // of this one message; null without
  std::string fell_back;               // French, "" unless an own text could not serve
  const MailKit& Kit() const { return own ? *own : *rails; }
};

// Texts of calls, read once a version. Which version counts is asked of the record each time: other
// processes write there too.
class OwnTexts {
 public:
  // `rails` is left to whoever asks.
  ChosenText Choose(storage::Session& session, const storage::Project& project,
                    const storage::Call& call, const std::string& message,
                    const MailFiles& mails) const;

 private:
  struct Read {
    int version = 0;
    std::shared_ptr<const MailKit> kit;
    std::string fell_back;
  };
  mutable std::mutex mutex_;
  mutable std::unordered_map<std::string, Read> read_;  // by definition, call, message, collection
};

// A mail to oneself, to see a text that nobody saved yet: payload.trial = {text, html, mark}.
std::optional<MailSource> TrialIn(const storage::OutboxRow& row);
std::string MarkOf(
    const storage::OutboxRow& row);  // « [Essai] » before the subject of one that leaves

}  // namespace aiguillage::notifications
