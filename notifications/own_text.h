// The words that a call puts in place of one message of its rails, and what may stand in them.
//
//   MailSource own{"Objet : [{{number}}] Bravo\n\n…\n{{url}}\n", "<p>Bravo</p>…"};
//   CheckOwnText(mails, "selected", own)      {{"html", 3, "<script> n’est pas admis : …"}}
//   auto kit = LoadOwnText(mails, "selected", own);   // in the frame of the rails, ready
//
// Somebody typed them on a page: the HTML is read as XML, which leaves one reading of it to every
// mail reader, and holds nothing but the elements and attributes listed in own_text.cpp.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "notifications/mail_kit.h"

namespace aiguillage::notifications {

using MailFiles = std::map<std::string, std::string>;  // of a definition: file name -> text

struct MailSource {
  std::string text;  // with its first line « Objet : … »
  std::string html;
};
inline constexpr std::size_t kOwnTextMax = 20'000;  // bytes, of each of the two
inline constexpr std::size_t kOwnSubjectMax = 150;  // characters, variables as they are written

// The rails' own; both empty when they have no such message.
MailSource SourceOf(const MailFiles& mails, const std::string& message);
// May a call put it in its own words? Not those that are of no project, nor what carries others.
bool MayBeOwn(const std::string& message);

// `file` says « text » or « html »; the subject is line 1 of the text.
std::vector<TemplateProblem> CheckOwnText(const MailFiles& mails, const std::string& message,
                                          const MailSource& own);
engine::Outcome<MailKit> LoadOwnText(const MailFiles& mails, const std::string& message,
                                     const MailSource& own);

}  // namespace aiguillage::notifications
