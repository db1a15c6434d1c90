#include "notifications/own_text.h"

#include <algorithm>
#include <set>
#include <string_view>

#include "notifications/mime_text.h"
#include "notifications/template_source.h"
#include "workflows/xml_tree.h"

namespace aiguillage::notifications {
namespace {

using workflows::XmlNode;

constexpr std::string_view kTextEnd = ".txt.mustache", kHtmlEnd = ".html.mustache";
constexpr const char* kElements[] = {"p",  "a",  "strong", "em",         "ul", "ol",
                                     "li", "br", "h2",     "blockquote", "h3"};
constexpr const char* kListed = "p, a, strong, em, ul, ol, li, br, blockquote, h2, h3";
constexpr const char* kOnlyStyle = "white-space:pre-line";  // as the shipped texts use it

// Mails that are of no project, and those that carry the words of others.
constexpr const char* kNotOwn[] = {"login_link",         "together",       "rewritten",
                                   "journal_sealed",     "mapping_drift",  "deadline_reminders",
                                   "call_subscription",  "call_published", "call_closing",
                                   "committee_convened", "steering_month"};

const std::string& FileIn(const MailFiles& mails, const std::string& name) {
  static const std::string none;
  const auto found = mails.find(name);
  return found == mails.end() ? none : found->second;
}

bool Names(const Tag& tag, std::string_view name) {
  return tag.kind == Tag::Kind::kVariable && tag.name == name;
}

// A link under a condition may be missing when it matters.
bool AlwaysLinks(const std::string& text) {
  int depth = 0;
  for (const Tag& tag : ScanTags(text)) {
    if (tag.kind == Tag::Kind::kSection || tag.kind == Tag::Kind::kInverted) ++depth;
    if (tag.kind == Tag::Kind::kEnd) --depth;
    if (depth == 0 && Names(tag, "url")) return true;
  }
  return false;
}

// What a link may be: ours, rebuilt for each mail, or a plain address over TLS.
bool IsLink(const std::string& value) {
  if (value == "{{url}}" || value == "{{call_url}}") return true;
  constexpr std::string_view kScheme = "https://";
  if (!value.starts_with(kScheme) || value.size() == kScheme.size()) return false;
  return std::none_of(value.begin(), value.end(), [](char c) {
    return static_cast<unsigned char>(c) <= ' ' || static_cast<unsigned char>(c) >= 0x7F ||
           std::string_view("{}<>\"'\\^`|").find(c) != std::string_view::npos;
  });
}

class MarkupCheck {
 public:
  explicit MarkupCheck(std::vector<TemplateProblem>& problems) : problems_(problems) {}

  void Run(const std::string& html) {
    // What XML and HTML would end at different places: comments, CDATA, instructions.
    for (const char* sign : {"<!", "<?", "xmlns"}) {
      const auto at = html.find(sign);
      if (at == std::string::npos) continue;
      Add(LineAt(html, at), "« " + std::string(sign) +
                                " » n’est pas admis : ni commentaire, ni déclaration ; retirez-le");
    }
    if (!problems_.empty()) return;
    workflows::XmlProblem problem;
    const auto tree =
        workflows::ReadXmlTree("<mail>" + WithClosedBreaks(html) + "</mail>", "html", &problem);
    if (!tree) {
      return Add(std::min(problem.line, LineAt(html, html.size())),
                 "HTML mal formé : chaque balise ouverte se ferme dans l’ordre, un attribut "
                 "s’écrit entre guillemets, « & » s’écrit &amp; et « < » s’écrit &lt;");
    }
    for (const XmlNode& node : tree.value().children) Look(node);
  }

 private:
  void Look(const XmlNode& node) {
    if (node.name.empty()) return;
    const bool known =
        node.space.empty() && std::any_of(std::begin(kElements), std::end(kElements),
                                          [&](const char* name) { return node.name == name; });
    if (!known) {
      Add(node.line, "<" + node.name + "> n’est pas admis : les balises sont " + kListed);
    } else {
      for (const auto& attribute : node.attributes) LookAt(node, attribute);
      if (node.name == "a" && !node.Has("href")) {
        Add(node.line, "<a> sans adresse : écrivez <a href=\"{{url}}\">");
      }
    }
    for (const XmlNode& child : node.children) Look(child);
  }

  void LookAt(const XmlNode& node, const workflows::XmlAttribute& attribute) {
    if (attribute.space.empty() && node.name == "a" && attribute.name == "href") {
      if (IsLink(attribute.value)) return;
      return Add(node.line, "lien « " + CleanLine(attribute.value, 60) +
                                " » : écrivez {{url}}, {{call_url}} ou une adresse https://");
    }
    const bool block = node.name == "p" || node.name == "blockquote";
    if (attribute.space.empty() && block && attribute.name == "style" &&
        attribute.value == kOnlyStyle) {
      return;
    }
    Add(node.line, "<" + node.name + " " + CleanLine(attribute.name, 40) +
                       "=…> n’est pas admis : seuls le sont href sur <a> et style=\"" + kOnlyStyle +
                       "\" sur <p> ou <blockquote>");
  }

  // `<br>` is how everybody writes it, and XML wants `<br/>`; lines stay where they are.
  static std::string WithClosedBreaks(std::string html) {
    for (std::size_t at = 0; (at = html.find("<br>", at)) != std::string::npos; at += 5) {
      html.replace(at, 4, "<br/>");
    }
    return html;
  }

  void Add(int line, std::string sentence) {
    problems_.push_back({"html", line, std::move(sentence)});
  }

  std::vector<TemplateProblem>& problems_;
};

// The frame of the rails and this one message: what has to be read to make it.
MailFiles SmallKit(const MailFiles& mails, const std::string& message, const MailSource& own) {
  MailFiles kit;
  for (const auto& [name, text] : mails) {
    if (name.starts_with('_')) kit[name] = text;
  }
  kit[message + std::string(kTextEnd)] = own.text;
  kit[message + std::string(kHtmlEnd)] = own.html;
  return kit;
}

void CheckBounds(const MailSource& own, std::vector<TemplateProblem>& problems) {
  const auto bound = [&](const std::string& file, const std::string& text) {
    const bool said = text.find_first_not_of(" \t\r\n") != std::string::npos;
    if (!said) problems.push_back({file, 1, "il manque : un courriel part en texte et en HTML"});
    if (text.size() > kOwnTextMax)
      problems.push_back({file, 1, "trop long : 20 000 octets au plus"});
    if (CleanText(text) != text) {
      problems.push_back({file, 1, "signes invisibles ou mal codés : recopiez le texte sans eux"});
    }
    for (const Tag& tag : ScanTags(text)) {
      if (tag.kind != Tag::Kind::kPartial) continue;
      problems.push_back({file, LineAt(text, tag.begin),
                          "{{> " + tag.name + "}} : un message n’en inclut pas un autre"});
    }
  };
  bound("text", own.text);
  bound("html", own.html);
  const std::string subject = own.text.substr(0, own.text.find('\n'));
  const std::size_t after = subject.find(':') == std::string::npos ? 0 : subject.find(':') + 1;
  const std::string words = CleanLine(subject.substr(after), kOwnSubjectMax + 1);
  if (words.empty()) problems.push_back({"text", 1, "l’objet est vide"});
  if (words != CleanLine(words, kOwnSubjectMax)) {
    problems.push_back({"text", 1, "l’objet est trop long : 150 caractères au plus"});
  }
}

void CheckLink(const MailFiles& mails, const std::string& message, const MailSource& own,
               std::vector<TemplateProblem>& problems) {
  const MailSource original = SourceOf(mails, message);
  constexpr const char* kWanted = "{{url}} manque : sans ce lien, le destinataire ne sait où aller";
  if (AlwaysLinks(original.text) && !AlwaysLinks(own.text)) {
    problems.push_back(
        {"text", 0, std::string(kWanted) + " ; ajoutez une ligne « Ouvrir le projet : {{url}} »"});
  }
  if (AlwaysLinks(original.html) &&
      (!AlwaysLinks(own.html) || own.html.find("href=\"{{url}}\"") == std::string::npos)) {
    problems.push_back(
        {"html", 0,
         std::string(kWanted) + " ; ajoutez <p><a href=\"{{url}}\">Ouvrir le projet</a></p>"});
  }
}

}  // namespace

MailSource SourceOf(const MailFiles& mails, const std::string& message) {
  return {FileIn(mails, message + std::string(kTextEnd)),
          FileIn(mails, message + std::string(kHtmlEnd))};
}

bool MayBeOwn(const std::string& message) {
  return !message.starts_with('_') &&
         std::none_of(std::begin(kNotOwn), std::end(kNotOwn),
                      [&](const char* name) { return message == name; });
}

std::vector<TemplateProblem> CheckOwnText(const MailFiles& mails, const std::string& message,
                                          const MailSource& own) {
  std::vector<TemplateProblem> problems;
  CheckBounds(own, problems);
  if (!problems.empty()) return problems;
  const std::string html = message + std::string(kHtmlEnd), text = message + std::string(kTextEnd);
  for (TemplateProblem problem : MailKit::Check(SmallKit(mails, message, own))) {
    if (problem.file == text) problem.file = "text";
    if (problem.file == html) problem.file = "html";
    problems.push_back(std::move(problem));
  }
  std::vector<TemplateProblem> markup;
  MarkupCheck(markup).Run(own.html);
  problems.insert(problems.end(), markup.begin(), markup.end());
  CheckLink(mails, message, own, problems);
  return problems;
}

engine::Outcome<MailKit> LoadOwnText(const MailFiles& mails, const std::string& message,
                                     const MailSource& own) {
  const auto problems = CheckOwnText(mails, message, own);
  if (!problems.empty()) return RefusalOf(problems);
  return MailKit::Load(SmallKit(mails, message, own));
}

}  // namespace aiguillage::notifications
